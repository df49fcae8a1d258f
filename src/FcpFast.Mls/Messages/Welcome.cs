using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §12.4.3.1].</summary>
internal sealed record Welcome(MlsCipherSuite CipherSuite, EncryptedGroupSecrets[] Secrets, byte[] EncryptedGroupInfo) : IMlsStruct<Welcome>
{
    public static Welcome Read(ref MlsReader reader) =>
        new((MlsCipherSuite)reader.U16(), reader.List(EncryptedGroupSecrets.Read, Commit.ProposalsMax), reader.Bytes());

    public void Write(MlsWriter writer)
    {
        writer.U16((ushort)CipherSuite);
        writer.List(Secrets);
        writer.Vector(EncryptedGroupInfo);
    }
}
