using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>What the members of an epoch agree on.</summary>
/// <remarks>Source: [RFC 9420 §8.1].</remarks>
internal sealed record GroupContext(
    MlsCipherSuite CipherSuite, byte[] GroupId, ulong Epoch, byte[] TreeHash, byte[] ConfirmedTranscriptHash, MlsExtension[] Extensions)
    : IMlsStruct<GroupContext>
{
    public static GroupContext Read(ref MlsReader reader)
    {
        ProtocolVersions.Require(ref reader);
        return new GroupContext(
            (MlsCipherSuite)reader.U16(), reader.Bytes(), reader.U64(), reader.Bytes(), reader.Bytes(), MlsExtension.ReadList(ref reader));
    }

    public void Write(MlsWriter writer)
    {
        writer.U16(ProtocolVersions.Mls10);
        writer.U16((ushort)CipherSuite);
        writer.Vector(GroupId);
        writer.U64(Epoch);
        writer.Vector(TreeHash);
        writer.Vector(ConfirmedTranscriptHash);
        writer.List(Extensions);
    }
}
