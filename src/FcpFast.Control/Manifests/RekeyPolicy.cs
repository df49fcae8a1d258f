using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Manifests;

/// <summary>How a zone turns its keys.</summary>
/// <remarks>Source: [WIRE §11.3].</remarks>
public sealed record RekeyPolicy
{
    /// <summary>The longest overlap.</summary>
    public const ulong OverlapSecondsMax = 86_400;

    /// <summary>The most past epochs.</summary>
    public const uint RetainEpochsMax = 4096;

    /// <summary>The overlap of a policy that names none.</summary>
    public const ulong OverlapSecondsDefault = 300;

    /// <summary>The policy of a manifest without one.</summary>
    public static RekeyPolicy Default { get; } = new();

    /// <summary>Whether zone keys ratchet by epoch. [WIRE §13.3]</summary>
    public bool EpochRatchet { get; init; }

    /// <summary>How long an outgoing key still opens, if the policy says.</summary>
    public ulong? OverlapWindowSeconds { get; init; }

    /// <summary>How many past epochs are accepted, if the policy says.</summary>
    public uint? RetainEpochs { get; init; }

    /// <summary>Whether a change of members makes new keys.</summary>
    public bool RewrapOnMembershipChange { get; init; }

    /// <summary>Whether it makes a new object-id key too.</summary>
    public bool RotateObjectIdKeyOnMembershipChange { get; init; }

    /// <summary>The overlap in force.</summary>
    public ulong OverlapSeconds => OverlapWindowSeconds ?? OverlapSecondsDefault;

    /// <summary>The past epochs in force.</summary>
    public uint EpochsRetained => RetainEpochs ?? EpochSchedule.RetainEpochsDefault;

    /// <summary>True if every bound is kept; else <c>InvalidRekeyPolicy</c>.</summary>
    public bool IsValid => OverlapSeconds <= OverlapSecondsMax && EpochsRetained <= RetainEpochsMax;

    /// <summary>Reads a policy that stands alone.</summary>
    /// <remarks>Errors: section 3's, then <c>InvalidRekeyPolicy</c>.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out RekeyPolicy? policy)
    {
        policy = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ManifestBytesMax);
        if (status != FcpStatus.Accepted) return status;
        status = Read(CborMapReader.Open(bytes), out RekeyPolicy read);
        if (status != FcpStatus.Accepted) return status;
        if (!read.IsValid) return FcpStatus.InvalidRekeyPolicy;
        policy = read;
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the policy as a map.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginMap(3 + (RetainEpochs is null ? 0 : 1) + (OverlapWindowSeconds is null ? 0 : 1));
        writer.Key("epoch_ratchet"u8);
        writer.Boolean(EpochRatchet);
        if (RetainEpochs is { } retained)
        {
            writer.Key("retain_epochs"u8);
            writer.Unsigned(retained);
        }

        if (OverlapWindowSeconds is { } overlap)
        {
            writer.Key("overlap_window_secs"u8);
            writer.Unsigned(overlap);
        }

        writer.Key("rewrap_on_membership_change"u8);
        writer.Boolean(RewrapOnMembershipChange);
        writer.Key("rotate_object_id_key_on_membership_change"u8);
        writer.Boolean(RotateObjectIdKeyOnMembershipChange);
    }

    /// <summary>Reads the shape; the bounds are checked by <see cref="IsValid"/>.</summary>
    internal static FcpStatus Read(CborMapReader map, out RekeyPolicy policy)
    {
        bool ratchets = map.Boolean("epoch_ratchet"u8);
        ulong? retained = map.TryUnsigned("retain_epochs"u8);
        if (retained > uint.MaxValue) map.Fail(FcpStatus.CborDeserialize);
        ulong? overlap = map.TryUnsigned("overlap_window_secs"u8);
        bool rewraps = map.Boolean("rewrap_on_membership_change"u8);
        bool rotates = map.Boolean("rotate_object_id_key_on_membership_change"u8);
        FcpStatus status = map.End();
        policy = Default;
        if (status != FcpStatus.Accepted) return status;
        policy = new RekeyPolicy
        {
            EpochRatchet = ratchets,
            RetainEpochs = (uint?)retained,
            OverlapWindowSeconds = overlap,
            RewrapOnMembershipChange = rewraps,
            RotateObjectIdKeyOnMembershipChange = rotates,
        };
        return FcpStatus.Accepted;
    }
}
