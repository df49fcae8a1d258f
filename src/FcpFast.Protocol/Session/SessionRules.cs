using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Session;

/// <summary>Bounds and defaults of handshakes and sessions.</summary>
/// <remarks>Source: [WIRE §7], [WIRE §8], [REPLAY §1].</remarks>
public static class SessionRules
{
    /// <summary>A nonce of a handshake.</summary>
    public const int NonceBytes = 16;

    /// <summary>A cookie.</summary>
    public const int CookieBytes = 32;

    /// <summary>Suites in a Hello.</summary>
    public const int SuitesMax = 8;

    /// <summary>How far a timestamp may be from the clock.</summary>
    public const ulong SkewSecondsMax = 120;

    /// <summary>A cookie key is replaced after this; it and the one before are accepted.</summary>
    public const long CookieKeyTicks = 60 * Instant.TicksPerSecond;

    /// <summary>
    /// How long a Hello's timestamp may be within the skew: its (from, nonce) is known for so long, and for so long after a start every Hello needs a
    /// cookie (D5). The wall clock is read in whole seconds, so it is one second more on either side.
    /// </summary>
    public const long CookieRequiredTicks = ((2 * (long)SkewSecondsMax) + 2) * Instant.TicksPerSecond;

    /// <summary>Hellos a second, of those that come as datagrams, whose signatures are verified: their senders' addresses prove nothing.</summary>
    public const int DatagramHellosVerifiedPerSecondMax = 500;

    /// <summary>A replaced session drains for at most this.</summary>
    public const long GraceTicks = 30 * Instant.TicksPerSecond;

    /// <summary>A session without room for a lane is replaced, but not before this age: its successor may soon have no room either. [REPLAY §2.5]</summary>
    public const long CrowdedTicks = 10 * Instant.TicksPerSecond;

    /// <summary>An Ack that nobody confirms is forgotten after this.</summary>
    public const long ConfirmationTicks = 30 * Instant.TicksPerSecond;

    /// <summary>Sessions with state, unless configured lower.</summary>
    public const int SessionsMaxDefault = 65_536;

    /// <summary>Failed verifications after which a session is closed: the bound on forgeries.</summary>
    public const ulong FailedVerificationsMax = 1ul << 36;

    /// <summary>Reads a suite number; <c>InvalidSuiteId</c> for any but 1 and 2.</summary>
    public static FcpStatus ParseSuite(ulong number, out MacSuite suite)
    {
        suite = number is 1 or 2 ? (MacSuite)number : MacSuite.Unset;
        return suite == MacSuite.Unset ? FcpStatus.InvalidSuiteId : FcpStatus.Accepted;
    }

    /// <summary>The label of a suite.</summary>
    public static string SuiteLabel(MacSuite suite) => suite switch
    {
        MacSuite.HmacSha256 => "suite1-hmacsha256",
        MacSuite.Blake3 => "suite2-blake3",
        _ => "none",
    };

    /// <summary>The first of the initiator's suites that the responder supports; else <c>NoMutualSuite</c>.</summary>
    /// <remarks>Source: [WIRE §7.5].</remarks>
    public static FcpStatus Negotiate(ReadOnlySpan<MacSuite> initiator, ReadOnlySpan<MacSuite> responder, out MacSuite suite)
    {
        foreach (MacSuite offered in initiator)
        {
            if (!responder.Contains(offered)) continue;
            suite = offered;
            return FcpStatus.Accepted;
        }

        suite = MacSuite.Unset;
        return FcpStatus.NoMutualSuite;
    }

    /// <summary>The datagram limit that a Hello's transport_limits stands for: 1200 if absent or 0.</summary>
    /// <remarks>Errors: <c>InvalidTransportLimits</c> for 1 to 575. Source: [WIRE §7.1].</remarks>
    public static FcpStatus DatagramLimit(ushort? transportLimits, out int datagramBytesMax)
    {
        datagramBytesMax = transportLimits is null or 0 ? Wire.WireLimits.DatagramBytesDefault : transportLimits.Value;
        return datagramBytesMax < Wire.WireLimits.DatagramBytesMin ? FcpStatus.InvalidTransportLimits : FcpStatus.Accepted;
    }

    /// <summary>True if two wall-clock times are at most the allowed skew apart.</summary>
    public static bool IsWithinSkew(ulong timestamp, ulong nowUnixSeconds) =>
        (timestamp > nowUnixSeconds ? timestamp - nowUnixSeconds : nowUnixSeconds - timestamp) <= SkewSecondsMax;
}
