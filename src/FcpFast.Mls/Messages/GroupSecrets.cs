using System;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>The secrets of a Welcome for one joiner. Disposing erases them.</summary>
/// <remarks>Source: [RFC 9420 §12.4.3.1].</remarks>
internal sealed record GroupSecrets(byte[] JoinerSecret, byte[]? PathSecret, PreSharedKeyId[] Psks) : IMlsStruct<GroupSecrets>, IDisposable
{
    public static GroupSecrets Read(ref MlsReader reader) =>
        new(reader.Bytes(), reader.Optional() ? reader.Bytes() : null, reader.List(PreSharedKeyId.Read, PreSharedKeyId.ListMax));

    public void Write(MlsWriter writer)
    {
        writer.Vector(JoinerSecret);
        writer.U8(PathSecret is null ? (byte)0 : (byte)1);
        if (PathSecret is not null) writer.Vector(PathSecret);
        writer.List(Psks);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(JoinerSecret);
        CryptographicOperations.ZeroMemory(PathSecret);
    }
}
