using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>What two ends of a zone say to each other through relays, which can neither read nor change it.</summary>
/// <remarks>
/// Shape:  a view of the payload. Read in two steps, because the node looks up zone, key and subkey in between:
///         <see cref="Parse"/> needs no key and proves nothing; only what <see cref="Open"/> accepts comes from a member of the zone.
///         The associated data is the map without its <c>sealed</c> field, so it is cut from the message itself.
/// Source: [WIRE §16.8].
/// </remarks>
public readonly ref struct SealedBody
{
    private const int FieldsBesideSealed = 6;
    private const int SealedKeyBytes = 1 + 6;
    private const int HeadBytesMax = 9;
    private const int KeysBytesMax = 64; // the six keys with their heads take 59

    /// <summary>The longest associated data of a body whose source and zone are within their grammars.</summary>
    private const int AssociatedDataBytesMax =
        1 + KeysBytesMax + (HeadBytesMax * FieldsBesideSealed) + NodeId.MaxBytes + ZoneId.MaxBytes + ZoneKeyId.Length;

    /// <summary>The longest payload that fits a body.</summary>
    public const int PlaintextBytesMax =
        CborLimits.ControlPayloadBytesMax - SchemaHash.Length - AssociatedDataBytesMax - SealedKeyBytes - HeadBytesMax
        - CryptoSizes.TagBytes;

    private readonly ReadOnlySpan<byte> _map;
    private readonly int _sealedStart; // of the field with its key, in the map

    private SealedBody(ReadOnlySpan<byte> map, int sealedStart)
    {
        _map = map;
        _sealedStart = sealedStart;
    }

    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.Sealed.ComputeHash();

    /// <summary>The zone as it is claimed, in UTF-8; within no grammar before <see cref="Open"/> has compared it.</summary>
    public ReadOnlySpan<byte> Zone { get; private init; }

    /// <summary>The zone key that seals.</summary>
    public ZoneKeyId ZoneKeyId { get; private init; }

    /// <summary>The epoch that seals.</summary>
    public EpochId Epoch { get; private init; }

    /// <summary>The sealing node as it is claimed, a valid node id.</summary>
    public ReadOnlySpan<byte> Source { get; private init; }

    /// <summary>Its sealing stream.</summary>
    public SenderInstanceId Instance { get; private init; }

    /// <summary>The body's number in that stream; 0 is left to the content window, which refuses it.</summary>
    public FrameSeq Seq { get; private init; }

    /// <summary>Ciphertext and tag.</summary>
    public ReadOnlySpan<byte> Sealed { get; private init; }

    /// <summary>Bytes of the payload inside.</summary>
    public int PlaintextBytes => Math.Max(0, Sealed.Length - CryptoSizes.TagBytes);

    /// <summary>Bytes that the seal authenticates besides the ciphertext.</summary>
    public int AssociatedDataBytes => _map.Length - SealedFieldBytes(Sealed.Length);

    /// <summary>Reads the map, without any key.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, then
    ///         <c>InvalidNodeId</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out SealedBody body)
    {
        body = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        int sealedStart = 0;
        ulong seq = 0;
        if (map.Field("seq"u8, out CborItem seqItem) && seqItem.TryGetUnsigned(out seq)) sealedStart = 1 + 4 + seqItem.Encoded.Length;
        else map.Fail(FcpStatus.CborDeserialize);
        ReadOnlySpan<byte> sealedBytes = map.Bytes("sealed"u8), source = map.Text("source"u8), zone = map.Text("zone_id"u8);
        ulong epoch = map.Unsigned("epoch_id"u8);
        ReadOnlySpan<byte> zoneKeyId = map.Bytes("zone_key_id"u8, ZoneKeyId.Length);
        ulong instance = map.Unsigned("sender_instance_id"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (NodeId.Check(source) != FcpStatus.Accepted) return FcpStatus.InvalidNodeId;
        body = new SealedBody(cbor, sealedStart)
        {
            Zone = zone,
            ZoneKeyId = new ZoneKeyId(Bytes8.Read(zoneKeyId)),
            Epoch = new EpochId(epoch),
            Source = source,
            Instance = new SenderInstanceId(instance),
            Seq = new FrameSeq(seq),
            Sealed = sealedBytes,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>Opens the body; <see cref="Seq"/> still has to pass the content window, source and epoch to be judged.</summary>
    /// <param name="aead">The engine.</param>
    /// <param name="zone">The zone that the node found for <see cref="Zone"/>.</param>
    /// <param name="key">The subkey of <see cref="Source"/> and <see cref="Instance"/> under the zone key found.</param>
    /// <param name="plaintext">Exactly <see cref="PlaintextBytes"/>; zeroed if the seal does not verify.</param>
    /// <remarks>
    /// Errors: <c>ZoneIdMismatch</c>, <c>ZoneKeyIdMismatch</c>, <c>DecryptFailed</c>, in this order.
    /// Cost:   no allocation.
    /// </remarks>
    public FcpStatus Open(IAeadEngine aead, ZoneId zone, scoped in BodyKey key, scoped Span<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(aead);
        if (plaintext.Length != PlaintextBytes) ThrowHelper.BadArgument(nameof(plaintext), "the body's own length of plaintext");
        if (zone.IsEmpty || !zone.Matches(Zone)) return FcpStatus.ZoneIdMismatch;
        if (key.ZoneKeyId != ZoneKeyId) return FcpStatus.ZoneKeyIdMismatch;
        if (Sealed.Length < CryptoSizes.TagBytes) return FcpStatus.DecryptFailed;
        Span<byte> nonce = stackalloc byte[CryptoSizes.XChaChaNonceBytes];
        nonce = nonce[..CryptoSizes.NonceBytes(key.Algorithm)];
        SymbolCipher.WriteNonce(key.Algorithm, Instance, Seq, 0, nonce);
        Span<byte> associated = stackalloc byte[AssociatedDataBytesMax];
        associated = associated[..CutAssociatedData(_map, _sealedStart, Sealed.Length, associated)];
        return aead.OpenOne(key.Algorithm, key.ControlKey, nonce, associated, Sealed, plaintext)
            ? FcpStatus.Accepted
            : FcpStatus.DecryptFailed;
    }

    /// <summary>Copies what the seal authenticates besides the ciphertext; returns its length.</summary>
    /// <param name="destination">At least <see cref="AssociatedDataBytes"/>, which a peer decides until the body has opened.</param>
    public int WriteAssociatedData(Span<byte> destination) => CutAssociatedData(_map, _sealedStart, Sealed.Length, destination);

    /// <summary>Writes a sealed body as a schema-prefixed payload.</summary>
    /// <param name="writer">Where to; nothing of <paramref name="payload"/> may lie in it.</param>
    /// <param name="aead">The engine.</param>
    /// <param name="key">The subkey of this source and instance.</param>
    /// <param name="origin">Who seals; its number was never used before.</param>
    /// <param name="payload">A schema-prefixed payload of at most <see cref="PlaintextBytesMax"/>.</param>
    /// <remarks>Errors: throws for an origin that names no zone, node or number, and for a payload too long: the caller's faults.</remarks>
    public static void Seal(CborWriter writer, IAeadEngine aead, scoped in BodyKey key, in BodyOrigin origin, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(aead);
        if (payload.Length > PlaintextBytesMax) ThrowHelper.BadArgument(nameof(payload), "longer than a control payload can carry");
        if (origin.Zone.IsEmpty || origin.Source.IsEmpty) ThrowHelper.BadArgument(nameof(origin), "a zone and a source");
        Invariant.Require(origin.Seq.Value != 0, "a body is sealed under a number that was drawn for it");

        writer.BeginPayload(Schema);
        int mapStart = writer.Written.Length;
        writer.BeginMap(FieldsBesideSealed + 1);
        writer.Key("seq"u8);
        writer.Unsigned(origin.Seq.Value);
        int sealedStart = writer.Written.Length - mapStart;
        writer.Key("sealed"u8);
        Range sealedRange = writer.ReserveBytes(payload.Length + CryptoSizes.TagBytes);
        writer.Key("source"u8);
        writer.Text(origin.Source.ToString());
        writer.Key("zone_id"u8);
        writer.Text(origin.Zone.ToString());
        writer.Key("epoch_id"u8);
        writer.Unsigned(origin.Epoch.Value);
        writer.Key("zone_key_id"u8);
        writer.Bytes(key.ZoneKeyId.Value);
        writer.Key("sender_instance_id"u8);
        writer.Unsigned(origin.Instance.Value);

        Span<byte> nonce = stackalloc byte[CryptoSizes.XChaChaNonceBytes];
        nonce = nonce[..CryptoSizes.NonceBytes(key.Algorithm)];
        SymbolCipher.WriteNonce(key.Algorithm, origin.Instance, origin.Seq, 0, nonce);
        Span<byte> associated = stackalloc byte[AssociatedDataBytesMax];
        ReadOnlySpan<byte> map = writer.Written[mapStart..];
        associated = associated[..CutAssociatedData(map, sealedStart, payload.Length + CryptoSizes.TagBytes, associated)];
        aead.SealOne(key.Algorithm, key.ControlKey, nonce, associated, payload, writer.Fill(sealedRange));
    }

    /// <summary>The map with one field less: canonical again, since the order of the others stays.</summary>
    private static int CutAssociatedData(ReadOnlySpan<byte> map, int sealedStart, int sealedBytes, Span<byte> destination)
    {
        int sealedEnd = sealedStart + SealedFieldBytes(sealedBytes);
        CborHead.Write(destination, CborHead.Map, FieldsBesideSealed);
        map[1..sealedStart].CopyTo(destination[1..]);
        map[sealedEnd..].CopyTo(destination[sealedStart..]);
        return sealedStart + map.Length - sealedEnd;
    }

    private static int SealedFieldBytes(int sealedBytes) => SealedKeyBytes + CborHead.BytesFor((ulong)sealedBytes) + sealedBytes;
}
