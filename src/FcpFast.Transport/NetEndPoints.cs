using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport;

/// <summary>A <see cref="NetAddress"/> to and from the runtime's own types.</summary>
/// <remarks>Cost: the conversions with a <see cref="SocketAddress"/> do not allocate; those with an <see cref="IPEndPoint"/> do.</remarks>
public static class NetEndPoints
{
    // Where every system's sockaddr_in and sockaddr_in6 keep these; only the family's bytes differ, and SocketAddress knows them.
    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv4SocketBytes = 16;
    private const int IPv6FlowOffset = 4;
    private const int IPv6Offset = 8;
    private const int ScopeOffset = 24;
    private const int IPv6SocketBytes = 28;

    /// <summary>The address as a value; an IPv4 address in IPv6 clothing becomes the IPv4 address that it is.</summary>
    public static NetAddress ToNetAddress(this IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        Span<byte> bytes = stackalloc byte[NetAddress.IPv6Bytes];
        _ = address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? NetAddress.IPv4(bytes, (ushort)endPoint.Port)
            : NetAddress.IPv6(bytes, (ushort)endPoint.Port, (uint)address.ScopeId);
    }

    /// <summary>The address as an object of the runtime.</summary>
    public static IPEndPoint ToEndPoint(this NetAddress address)
    {
        Span<byte> bytes = stackalloc byte[NetAddress.IPv6Bytes];
        address.Address.Write(bytes);
        switch (address.Family)
        {
            case NetFamily.IPv4:
                return new IPEndPoint(new IPAddress(bytes[..NetAddress.IPv4Bytes]), address.Port);
            case NetFamily.IPv6:
                return new IPEndPoint(new IPAddress(bytes, address.Scope), address.Port);
            default:
                ThrowHelper.BadArgument(nameof(address), "an address of a family");
                return null!;
        }
    }

    internal static AddressFamily AddressFamilyOf(NetFamily family) =>
        family == NetFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>Writes into an address object of the same family.</summary>
    internal static void Write(in NetAddress address, SocketAddress destination)
    {
        Span<byte> target = destination.Buffer.Span;
        Span<byte> bytes = stackalloc byte[NetAddress.IPv6Bytes];
        address.Address.Write(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(target[PortOffset..], address.Port);
        if (address.Family == NetFamily.IPv4)
        {
            bytes[..NetAddress.IPv4Bytes].CopyTo(target[IPv4Offset..]);
            destination.Size = IPv4SocketBytes;
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[IPv6FlowOffset..], 0);
        bytes.CopyTo(target[IPv6Offset..]);
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(target[ScopeOffset..], address.Scope);
        else BinaryPrimitives.WriteUInt32BigEndian(target[ScopeOffset..], address.Scope);
        destination.Size = IPv6SocketBytes;
    }

    /// <summary>Reads what a receive call wrote; the default value for anything but IPv4 and IPv6.</summary>
    internal static NetAddress Read(SocketAddress source)
    {
        ReadOnlySpan<byte> bytes = source.Buffer.Span;
        if (bytes.Length < IPv4SocketBytes) return default;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        if (source.Family == AddressFamily.InterNetwork) return NetAddress.IPv4(bytes[IPv4Offset..], port);
        if (source.Family != AddressFamily.InterNetworkV6 || bytes.Length < IPv6SocketBytes) return default;
        uint scope = BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[ScopeOffset..])
            : BinaryPrimitives.ReadUInt32BigEndian(bytes[ScopeOffset..]);
        return NetAddress.IPv6(bytes[IPv6Offset..], port, scope);
    }
}
