using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>A key sealed to one node.</summary>
/// <param name="Recipient">The node; empty if the text was no node id.</param>
/// <param name="IssuedAtUnixSeconds">When it was sealed; the box is bound to it.</param>
/// <param name="Box">Encapsulation and ciphertext; empty if the texts were no box.</param>
/// <remarks>Source: [WIRE §10], [WIRE §11.2].</remarks>
public sealed record WrappedKey(NodeId Recipient, ulong IssuedAtUnixSeconds, ReadOnlyMemory<byte> Box)
{
    /// <summary>Reads an entry; faults of its shape go to the status of <paramref name="map"/>.</summary>
    internal static WrappedKey Read(CborItem item, ref CborMapReader map)
    {
        if (!item.TryGetMap(out CborMapReader entry))
        {
            map.Fail(FcpStatus.CborDeserialize);
            return new WrappedKey(default, 0, default);
        }

        CborMapReader sealedMap = entry.Map("sealed"u8);
        ReadOnlySpan<byte> encapsulation = sealedMap.Text("enc"u8), ciphertext = sealedMap.Text("ciphertext"u8);
        entry.Fail(sealedMap.End());
        ulong issuedAt = entry.Unsigned("issued_at"u8);
        NodeId.Parse(entry.Text("recipient"u8), out NodeId recipient);
        map.Fail(entry.End());
        return new WrappedKey(recipient, issuedAt, ReadBox(encapsulation, ciphertext));
    }

    /// <summary>Writes the entry.</summary>
    internal void Write(CborWriter writer)
    {
        writer.BeginMap(3);
        writer.Key("sealed"u8);
        writer.BeginMap(2);
        writer.Key("enc"u8);
        writer.HexText(Box.Span[..X25519Kem.EncapsulationBytes]);
        writer.Key("ciphertext"u8);
        writer.HexText(Box.Span[X25519Kem.EncapsulationBytes..]);
        writer.Key("issued_at"u8);
        writer.Unsigned(IssuedAtUnixSeconds);
        writer.Key("recipient"u8);
        writer.Text(Recipient.ToString());
    }

    private static ReadOnlyMemory<byte> ReadBox(ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> ciphertext)
    {
        int ciphertextBytes = ciphertext.Length / 2;
        if (!SealedBox.IsLength(X25519Kem.EncapsulationBytes + ciphertextBytes)) return default;
        byte[] box = new byte[X25519Kem.EncapsulationBytes + ciphertextBytes];
        bool valid = Hex.TryRead(encapsulation, box.AsSpan(0, X25519Kem.EncapsulationBytes))
            && Hex.TryRead(ciphertext, box.AsSpan(X25519Kem.EncapsulationBytes));
        return valid ? box : default(ReadOnlyMemory<byte>);
    }
}
