using System;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>What a client understands, besides the defaults. Values that nobody knows are kept and ignored.</summary>
/// <remarks>Source: [RFC 9420 §7.2].</remarks>
internal sealed record Capabilities(ushort[] Versions, ushort[] CipherSuites, ushort[] Extensions, ushort[] Proposals, ushort[] Credentials)
    : IMlsStruct<Capabilities>
{
    public static Capabilities Read(ref MlsReader reader) =>
        new(reader.U16List(), reader.U16List(), reader.U16List(), reader.U16List(), reader.U16List());

    public bool HasExtension(ushort type) => ExtensionTypes.IsDefault(type) || Array.IndexOf(Extensions, type) >= 0;

    public bool HasProposal(ushort type) => type is > 0 and <= (ushort)ProposalType.GroupContextExtensions || Array.IndexOf(Proposals, type) >= 0;

    public bool HasCredential(ushort type) => Array.IndexOf(Credentials, type) >= 0;

    public void Write(MlsWriter writer)
    {
        writer.U16List(Versions);
        writer.U16List(CipherSuites);
        writer.U16List(Extensions);
        writer.U16List(Proposals);
        writer.U16List(Credentials);
    }
}
