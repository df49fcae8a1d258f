using System;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>The name of a pre-shared key: an external one, or one that resumes from an earlier epoch.</summary>
/// <remarks>
/// Shape:   <see cref="Id"/> is the external key's id, or the group's that is resumed from; usage and epoch count with a resumption only.
/// Source:  [RFC 9420 §8.4].
/// </remarks>
internal sealed record PreSharedKeyId(bool IsResumption, byte Usage, byte[] Id, ulong Epoch, byte[] Nonce) : IMlsStruct<PreSharedKeyId>
{
    /// <summary>Keys that one commit brings into an epoch: they are numbered with 16 bits, compared with each other, and each is worth a derivation.</summary>
    public const int ListMax = 64;

    private const byte ExternalType = 1;
    private const byte ResumptionType = 2;
    private const byte ApplicationUsage = 1;
    private const byte UsageMax = 3;

    /// <summary>True for what ReInit and branching use.</summary>
    public bool IsOfAnotherGroup => IsResumption && Usage != ApplicationUsage;

    public static PreSharedKeyId External(ReadOnlySpan<byte> id, byte[] nonce) => new(IsResumption: false, 0, id.ToArray(), 0, nonce);

    public static PreSharedKeyId Read(ref MlsReader reader)
    {
        byte type = reader.U8();
        if (type == ExternalType) return new PreSharedKeyId(IsResumption: false, 0, reader.Bytes(), 0, reader.Bytes());
        if (type != ResumptionType) reader.Break();
        byte usage = reader.U8();
        if (usage is 0 or > UsageMax) reader.Break();
        return new PreSharedKeyId(IsResumption: true, usage, reader.Bytes(), reader.U64(), reader.Bytes());
    }

    public bool IsSame(PreSharedKeyId other) =>
        IsResumption == other.IsResumption && Usage == other.Usage && Epoch == other.Epoch && Id.AsSpan().SequenceEqual(other.Id)
        && Nonce.AsSpan().SequenceEqual(other.Nonce);

    public void Write(MlsWriter writer)
    {
        writer.U8(IsResumption ? ResumptionType : ExternalType);
        if (IsResumption) writer.U8(Usage);
        writer.Vector(Id);
        if (IsResumption) writer.U64(Epoch);
        writer.Vector(Nonce);
    }
}
