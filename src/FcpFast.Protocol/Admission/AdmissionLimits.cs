using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Admission;

/// <summary>What one peer or address may ask for in a minute.</summary>
/// <param name="BytesPerMinute">Bytes of answers to requests.</param>
/// <param name="SymbolsPerMinute">Symbols of answers to requests.</param>
/// <param name="FailedAuthenticationsPerMinute">Verifications that may fail from one address.</param>
/// <param name="RequiresAuthentication">True if unsigned requests are refused.</param>
/// <remarks>
/// Shape:  counts in fixed windows of 60 s. They govern requests and unverified traffic; verified frames of a member are not theirs.
/// Source: [WIRE §19].
/// </remarks>
public sealed record AdmissionLimits(long BytesPerMinute, long SymbolsPerMinute, long FailedAuthenticationsPerMinute, bool RequiresAuthentication)
{
    /// <summary>Addresses or peers tracked at once.</summary>
    public const int TrackedMax = 16_384;

    /// <summary>A peer that was silent for this long is forgotten.</summary>
    public const long ForgetTicks = 600 * Instant.TicksPerSecond;

    /// <summary>The counting window.</summary>
    public const long WindowTicks = 60 * Instant.TicksPerSecond;

    /// <summary>Objects that one source may have put together again after they were wrong, at once.</summary>
    public int DecodesInFlight { get; init; } = 32;

    /// <summary>How long objects of one source that turn out wrong may keep the processor busy in a minute.</summary>
    public long DecodeCpuMillisecondsPerMinute { get; init; } = 5_000;

    /// <summary>The policy of sessions between attested nodes.</summary>
    public static AdmissionLimits Default { get; } = new(64 * 1024 * 1024, 200_000, 100, RequiresAuthentication: true);

    /// <summary>The policy of an ingress that strangers reach.</summary>
    public static AdmissionLimits PublicIngress { get; } = new(1024 * 1024, 10_000, 10, RequiresAuthentication: false)
    {
        DecodesInFlight = 4, DecodeCpuMillisecondsPerMinute = 500,
    };

    /// <summary>The policy of a mesh whose peers are trusted.</summary>
    public static AdmissionLimits TrustedMesh { get; } = new(512 * 1024 * 1024, 1_000_000, 1_000, RequiresAuthentication: true)
    {
        DecodesInFlight = 128, DecodeCpuMillisecondsPerMinute = 60_000,
    };
}
