using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §7.6].</summary>
internal sealed record UpdatePathNode(byte[] EncryptionKey, HpkeCiphertext[] EncryptedPathSecret) : IMlsStruct<UpdatePathNode>
{
    public static UpdatePathNode Read(ref MlsReader reader) => new(reader.Bytes(), reader.List(HpkeCiphertext.Read, Commit.ProposalsMax));

    public void Write(MlsWriter writer)
    {
        writer.Vector(EncryptionKey);
        writer.List(EncryptedPathSecret);
    }
}
