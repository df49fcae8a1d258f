using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §12.4.3.1].</summary>
internal sealed record EncryptedGroupSecrets(byte[] NewMember, HpkeCiphertext Secrets) : IMlsStruct<EncryptedGroupSecrets>
{
    public static EncryptedGroupSecrets Read(ref MlsReader reader) => new(reader.Bytes(), HpkeCiphertext.Read(ref reader));

    public void Write(MlsWriter writer)
    {
        writer.Vector(NewMember);
        Secrets.Write(writer);
    }
}
