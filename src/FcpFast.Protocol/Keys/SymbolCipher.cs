using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>Nonces, associated data and subkeys of everything sealed under a zone key: the one place where they are made.</summary>
/// <remarks>
/// Source: [WIRE §5], [WIRE §16.8]. A nonce names the stream's number and the ESI, the subkey names zone key, node and instance; so a
///         nonce can repeat only if a number is spent twice, which the stream's sequencer excludes.
/// </remarks>
public static class SymbolCipher
{
    /// <summary>Bytes of a symbol's associated data.</summary>
    public const int AssociatedDataBytes = 86;

    /// <summary>The first bytes of it: they name the symbol.</summary>
    internal const int ObjectAndEsiBytes = ObjectId.Length + sizeof(uint);

    private const int EsiOffset = ObjectId.Length;
    private const int KOffset = EsiOffset + 4;
    private const int ZoneIdHashOffset = KOffset + 2;
    private const int ZoneKeyIdOffset = ZoneIdHashOffset + ZoneIdHash.Length;
    private const int EpochOffset = ZoneKeyIdOffset + ZoneKeyId.Length;

    private static ReadOnlySpan<byte> SymbolKeyInfo => "FCP2-SENDER-KEY-V1"u8;

    private static ReadOnlySpan<byte> ControlKeyInfo => "FCPFAST-CONTROL-KEY-V1"u8;

    /// <summary>Writes the nonce of a symbol (or of a body, with ESI 0): 12 or 24 bytes.</summary>
    public static void WriteNonce(AeadAlgorithm algorithm, SenderInstanceId instance, FrameSeq seq, uint esi, Span<byte> nonce)
    {
        if (algorithm == AeadAlgorithm.XChaCha20Poly1305)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(nonce, instance.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(nonce[8..], seq.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(nonce[16..], esi);
            BinaryPrimitives.WriteUInt32LittleEndian(nonce[20..], 0);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(nonce, seq.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(nonce[8..], esi);
        }
    }

    /// <summary>Writes the 86 bytes that are authenticated with a symbol.</summary>
    public static void WriteAssociatedData(
        Span<byte> destination, ObjectId objectId, uint esi, ushort k, ZoneIdHash zone, ZoneKeyId zoneKeyId, EpochId epoch)
    {
        destination = destination[..AssociatedDataBytes];
        objectId.Value.Write(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[EsiOffset..], esi);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[KOffset..], k);
        zone.Value.Write(destination[ZoneIdHashOffset..]);
        zoneKeyId.Value.Write(destination[ZoneKeyIdOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[EpochOffset..], epoch.Value);
    }

    /// <summary>Writes what stands in a record's head into associated data of another symbol of the same object, key and epoch.</summary>
    internal static void WriteAssociatedRecord(Span<byte> associated, uint esi, ushort k)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(associated[EsiOffset..], esi);
        BinaryPrimitives.WriteUInt16LittleEndian(associated[KOffset..], k);
    }

    /// <summary>Derives the key of one sender's symbols.</summary>
    /// <param name="kdf">HKDF.</param>
    /// <param name="zoneKeyId">The zone key's id.</param>
    /// <param name="key">The zone key or, with the epoch ratchet, the epoch key; 32 bytes.</param>
    /// <param name="source">The sealing node.</param>
    /// <param name="instance">Its sealing stream.</param>
    /// <param name="subkey">32 bytes; the caller erases them.</param>
    public static void DeriveSymbolKey(
        IKdf kdf, ZoneKeyId zoneKeyId, ReadOnlySpan<byte> key, NodeId source, SenderInstanceId instance, Span<byte> subkey) =>
        Derive(kdf, SymbolKeyInfo, zoneKeyId, key, source, instance, subkey);

    /// <summary>Derives the key of one sender's zone-sealed bodies; parameters as <see cref="DeriveSymbolKey"/>.</summary>
    public static void DeriveControlKey(
        IKdf kdf, ZoneKeyId zoneKeyId, ReadOnlySpan<byte> key, NodeId source, SenderInstanceId instance, Span<byte> subkey) =>
        Derive(kdf, ControlKeyInfo, zoneKeyId, key, source, instance, subkey);

    private static void Derive(
        IKdf kdf, ReadOnlySpan<byte> label, ZoneKeyId zoneKeyId, ReadOnlySpan<byte> key, NodeId source, SenderInstanceId instance,
        Span<byte> subkey)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        Span<byte> salt = stackalloc byte[ZoneKeyId.Length];
        zoneKeyId.Value.Write(salt);
        Span<byte> info = stackalloc byte[label.Length + NodeId.MaxBytes + sizeof(ulong)];
        label.CopyTo(info);
        int length = label.Length + source.Write(info[label.Length..]);
        BinaryPrimitives.WriteUInt64LittleEndian(info[length..], instance.Value);
        kdf.Derive(salt, key, info[..(length + sizeof(ulong))], subkey);
    }
}
