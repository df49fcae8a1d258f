using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Linux;

/// <summary>sockaddr_in and sockaddr_in6, to and from a <see cref="NetAddress"/>.</summary>
/// <remarks>
/// <code>
/// sockaddr_in (16)                    sockaddr_in6 (28)
/// offset size field                   offset size field
///      0    2 family, host order           0    2 family, host order
///      2    2 port, network order          2    2 port, network order
///      4    4 address                      4    4 flow label (0 here)
///      8    8 zero                         8   16 address
///                                         24    4 scope id, host order
/// </code>
/// Source: [Linux ip(7)], [Linux ipv6(7)]; host order is little-endian (<see cref="LinuxGate"/>).
/// </remarks>
internal static class SocketAddressCodec
{
    /// <summary>Bytes of sockaddr_in.</summary>
    public const int IPv4Bytes = 16;

    /// <summary>Bytes of sockaddr_in6, the longer one.</summary>
    public const int IPv6Bytes = 28;

    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;
    private const int ScopeOffset = 24;

    /// <summary>Writes the address and returns its length; 0 for an address of no family.</summary>
    public static int Write(in NetAddress address, Span<byte> destination)
    {
        destination = destination[..IPv6Bytes];
        destination.Clear();
        Span<byte> bytes = stackalloc byte[NetAddress.IPv6Bytes];
        address.Address.Write(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(destination[PortOffset..], address.Port);
        switch (address.Family)
        {
            case NetFamily.IPv4:
                BinaryPrimitives.WriteUInt16LittleEndian(destination, Libc.AF_INET);
                bytes[..NetAddress.IPv4Bytes].CopyTo(destination[IPv4Offset..]);
                return IPv4Bytes;
            case NetFamily.IPv6:
                BinaryPrimitives.WriteUInt16LittleEndian(destination, Libc.AF_INET6);
                bytes.CopyTo(destination[IPv6Offset..]);
                BinaryPrimitives.WriteUInt32LittleEndian(destination[ScopeOffset..], address.Scope);
                return IPv6Bytes;
            default:
                return 0;
        }
    }

    /// <summary>Reads what the kernel wrote; the default value for another family or a short address.</summary>
    public static NetAddress Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < IPv4Bytes) return default;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[PortOffset..]);
        return BinaryPrimitives.ReadUInt16LittleEndian(source) switch
        {
            Libc.AF_INET => NetAddress.IPv4(source[IPv4Offset..], port),
            Libc.AF_INET6 when source.Length >= IPv6Bytes =>
                NetAddress.IPv6(source[IPv6Offset..], port, BinaryPrimitives.ReadUInt32LittleEndian(source[ScopeOffset..])),
            _ => default,
        };
    }
}
