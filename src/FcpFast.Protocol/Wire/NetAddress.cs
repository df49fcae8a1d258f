using System;
using System.Globalization;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>Where a datagram or a connection comes from or goes to, as a value: the hot path keeps no address object.</summary>
/// <param name="Family">IPv4 or IPv6; <see cref="NetFamily.None"/> in the default value.</param>
/// <param name="Address">The bytes in network order; IPv4 takes the first four, the others are zero.</param>
/// <param name="Port">The port number.</param>
/// <param name="Scope">The scope id of a link-local IPv6 address, else 0.</param>
/// <remarks>
/// Shape:   26 bytes of content, no reference; two equal addresses are equal values, so it is a key as it stands.
/// Threads: a value.
/// Cost:    no allocation except <see cref="ToString"/>. The hash is seeded for each process, since peers choose their addresses.
/// </remarks>
public readonly record struct NetAddress(NetFamily Family, Bytes16 Address, ushort Port, uint Scope)
{
    /// <summary>Bytes of an IPv4 address.</summary>
    public const int IPv4Bytes = 4;

    /// <summary>Bytes of an IPv6 address.</summary>
    public const int IPv6Bytes = Bytes16.Length;

    /// <summary>True for every address but the default value.</summary>
    public bool IsSpecified => Family != NetFamily.None;

    /// <summary>An IPv4 address from its four bytes in network order.</summary>
    public static NetAddress IPv4(ReadOnlySpan<byte> address, ushort port)
    {
        Span<byte> padded = stackalloc byte[Bytes16.Length];
        padded.Clear();
        address[..IPv4Bytes].CopyTo(padded);
        return new NetAddress(NetFamily.IPv4, Bytes16.Read(padded), port, 0);
    }

    /// <summary>An IPv6 address from its sixteen bytes in network order.</summary>
    public static NetAddress IPv6(ReadOnlySpan<byte> address, ushort port, uint scope = 0) =>
        new(NetFamily.IPv6, Bytes16.Read(address), port, scope);

    /// <summary>What one subscriber of a network is assumed to hold: the IPv4 address, or the /64 of an IPv6 address; without port and scope.</summary>
    /// <remarks>For limits per peer: whoever has one IPv6 address commonly has 2^64 of them.</remarks>
    public NetAddress Subscriber => new(Family, Family == NetFamily.IPv6 ? Address with { Word1 = 0 } : Address, 0, 0);

    /// <summary>A hash that differs from process to process.</summary>
    public override int GetHashCode() => HashCode.Combine(Address.Word0, Address.Word1, Port, Scope, Family);

    /// <summary><c>192.0.2.1:70</c> or <c>[2001:db8:0:0:0:0:0:1%2]:70</c>; the groups of IPv6 are written out.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes16.Length];
        Address.Write(bytes);
        switch (Family)
        {
            case NetFamily.IPv4:
                return string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{bytes[3]}:{Port}");
            case NetFamily.IPv6:
                Span<char> text = stackalloc char[IPv6Bytes / 2 * 5];
                int length = 0;
                for (int i = 0; i < IPv6Bytes; i += 2)
                {
                    if (i > 0) text[length++] = ':';
                    _ = ((bytes[i] << 8) | bytes[i + 1]).TryFormat(text[length..], out int digits, "x", CultureInfo.InvariantCulture);
                    length += digits;
                }

                string scope = Scope == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"%{Scope}");
                return string.Create(CultureInfo.InvariantCulture, $"[{text[..length]}{scope}]:{Port}");
            default:
                return "(none)";
        }
    }
}
