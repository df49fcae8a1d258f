using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §7.6].</summary>
internal sealed record HpkeCiphertext(byte[] KemOutput, byte[] Ciphertext) : IMlsStruct<HpkeCiphertext>
{
    public static HpkeCiphertext Read(ref MlsReader reader) => new(reader.Bytes(), reader.Bytes());

    public void Write(MlsWriter writer)
    {
        writer.Vector(KemOutput);
        writer.Vector(Ciphertext);
    }
}
