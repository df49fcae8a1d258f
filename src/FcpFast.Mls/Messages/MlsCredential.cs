using System;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>What vouches for a member's signature key: a basic identity, or certificates kept as their vector's bytes.</summary>
/// <remarks>Source: [RFC 9420 §5.3].</remarks>
internal sealed record MlsCredential(ushort Type, byte[] Content) : IMlsStruct<MlsCredential>
{
    private Named? _named;

    public static MlsCredential Basic(ReadOnlySpan<byte> identity) => new(CredentialTypes.Basic, identity.ToArray());

    public static MlsCredential Read(ref MlsReader reader)
    {
        ushort type = reader.U16();
        if (type is not (CredentialTypes.Basic or CredentialTypes.X509) && !reader.IsBroken) reader.Break(MlsStatus.UnsupportedCredential);
        byte[] content = reader.Bytes();
        if (type == CredentialTypes.X509)
        {
            var chain = new MlsReader(content);
            while (!chain.IsEmpty) chain.Vector();
            if (chain.IsBroken) reader.Break();
        }

        return new MlsCredential(type, content);
    }

    public void Write(MlsWriter writer)
    {
        writer.U16(Type);
        writer.Vector(Content);
    }

    /// <summary>Whose it is; asked once, because every commit asks it of every member.</summary>
    public ReadOnlyMemory<byte> ClientBy(IMlsCredentials credentials)
    {
        if (_named is { } known && ReferenceEquals(known.By, credentials)) return known.Client;
        var named = new Named(credentials, credentials.ClientOf(Content));
        _named = named;
        return named.Client;
    }

    private sealed record Named(IMlsCredentials By, ReadOnlyMemory<byte> Client);
}
