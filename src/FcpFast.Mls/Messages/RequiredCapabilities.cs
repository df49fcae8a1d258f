using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>What every member must understand.</summary>
/// <remarks>Source: [RFC 9420 §11.1].</remarks>
internal sealed record RequiredCapabilities(ushort[] Extensions, ushort[] Proposals, ushort[] Credentials) : IMlsStruct<RequiredCapabilities>
{
    public static RequiredCapabilities Read(ref MlsReader reader) => new(reader.U16List(), reader.U16List(), reader.U16List());

    public bool AreMetBy(Capabilities capabilities)
    {
        foreach (ushort type in Extensions)
        {
            if (!capabilities.HasExtension(type)) return false;
        }

        foreach (ushort type in Proposals)
        {
            if (!capabilities.HasProposal(type)) return false;
        }

        foreach (ushort type in Credentials)
        {
            if (!capabilities.HasCredential(type)) return false;
        }

        return true;
    }

    public void Write(MlsWriter writer)
    {
        writer.U16List(Extensions);
        writer.U16List(Proposals);
        writer.U16List(Credentials);
    }
}
