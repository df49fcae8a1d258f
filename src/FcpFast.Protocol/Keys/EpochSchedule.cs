using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>Epoch numbers, which of them are accepted, and the key chain of a ratcheting zone key.</summary>
/// <remarks>
/// <code>
/// e0     = floor(valid_from / 300)
/// C[e0]  = HKDF(zone_key_id, zone key, "FCPFAST-EPOCH-CHAIN-V1" || zone_id_hash || e0)
/// E[e]   = Expand(C[e], "FCPFAST-EPOCH-KEY-V1" || e)
/// C[e+1] = Expand(C[e], "FCPFAST-EPOCH-NEXT-V1" || e+1)
/// </code>
/// Source: [WIRE §13].
/// </remarks>
public static class EpochSchedule
{
    /// <summary>Seconds of an epoch, constant so that two ends cannot disagree.</summary>
    public const ulong EpochSeconds = 300;

    /// <summary>How far a chain may be advanced from its start.</summary>
    public const ulong ChainLengthMax = 1 << 20;

    /// <summary>Past epochs accepted unless the policy says otherwise.</summary>
    public const uint RetainEpochsDefault = 2;

    /// <summary>The epoch of a moment.</summary>
    public static EpochId NumberAt(ulong unixSeconds) => new(unixSeconds / EpochSeconds);

    /// <summary>Judges an epoch against the clock alone, as for zone keys without the ratchet.</summary>
    /// <param name="epoch">The frame's epoch.</param>
    /// <param name="high">The highest epoch that the clock has shown.</param>
    /// <param name="retainEpochs">How many past epochs are accepted.</param>
    /// <remarks>Errors: <c>EpochOutOfRange</c>. Source: [WIRE §13.1].</remarks>
    public static FcpStatus Judge(EpochId epoch, EpochId high, uint retainEpochs) =>
        IsAhead(epoch, high) || IsBehind(epoch, high, retainEpochs) ? FcpStatus.EpochOutOfRange : FcpStatus.Accepted;

    /// <summary>Judges an epoch of a ratcheting zone key.</summary>
    /// <param name="epoch">The frame's epoch.</param>
    /// <param name="first">The epoch at which the key's chain starts.</param>
    /// <param name="high">The highest epoch that the clock has shown.</param>
    /// <param name="retainEpochs">How many past epochs are accepted.</param>
    /// <remarks>Errors: <c>EpochOutOfRange</c>, then <c>EpochErased</c>. Source: [WIRE §13.3].</remarks>
    public static FcpStatus JudgeRatchet(EpochId epoch, EpochId first, EpochId high, uint retainEpochs)
    {
        if (epoch.Value < first.Value || epoch.Value - first.Value > ChainLengthMax || IsAhead(epoch, high))
        {
            return FcpStatus.EpochOutOfRange;
        }

        return IsBehind(epoch, high, retainEpochs) ? FcpStatus.EpochErased : FcpStatus.Accepted;
    }

    /// <summary>Derives C[e0]; 32 bytes.</summary>
    public static void DeriveFirstChainKey(
        IKdf kdf, ZoneKeyId zoneKeyId, ReadOnlySpan<byte> zoneKey, ZoneIdHash zone, EpochId first, Span<byte> chainKey)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        ReadOnlySpan<byte> label = "FCPFAST-EPOCH-CHAIN-V1"u8;
        Span<byte> salt = stackalloc byte[ZoneKeyId.Length];
        zoneKeyId.Value.Write(salt);
        Span<byte> info = stackalloc byte[label.Length + ZoneIdHash.Length + sizeof(ulong)];
        label.CopyTo(info);
        zone.Value.Write(info[label.Length..]);
        BinaryPrimitives.WriteUInt64LittleEndian(info[(label.Length + ZoneIdHash.Length)..], first.Value);
        kdf.Derive(salt, zoneKey, info, chainKey);
    }

    /// <summary>Derives E[e] from C[e].</summary>
    public static void DeriveEpochKey(IKdf kdf, ReadOnlySpan<byte> chainKey, EpochId epoch, Span<byte> epochKey) =>
        ExpandNumbered(kdf, chainKey, "FCPFAST-EPOCH-KEY-V1"u8, epoch.Value, epochKey);

    /// <summary>Derives C[e+1] from C[e].</summary>
    public static void DeriveNextChainKey(IKdf kdf, ReadOnlySpan<byte> chainKey, EpochId epoch, Span<byte> nextChainKey) =>
        ExpandNumbered(kdf, chainKey, "FCPFAST-EPOCH-NEXT-V1"u8, epoch.Value + 1, nextChainKey);

    /// <summary>True if an epoch is older than what is retained.</summary>
    internal static bool IsBehind(EpochId epoch, EpochId high, uint retainEpochs) =>
        epoch.Value < high.Value && high.Value - epoch.Value > retainEpochs;

    private static void ExpandNumbered(IKdf kdf, ReadOnlySpan<byte> chainKey, ReadOnlySpan<byte> label, ulong number, Span<byte> output)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        Span<byte> info = stackalloc byte[label.Length + sizeof(ulong)];
        label.CopyTo(info);
        BinaryPrimitives.WriteUInt64LittleEndian(info[label.Length..], number);
        kdf.Expand(chainKey, info, output);
    }

    private static bool IsAhead(EpochId epoch, EpochId high) => epoch.Value > high.Value && epoch.Value - high.Value > 1;
}
