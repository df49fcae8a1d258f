using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>One datagram as an honest or hostile sender may make it: every field can be got wrong on its own, MAC and seals included.</summary>
/// <remarks>Source: [WIRE §4.1], [WIRE §5], [WIRE §6].</remarks>
internal sealed record FrameDraft
{
    /// <summary>The sender's end of the session that the datagram is sent on.</summary>
    public required PeerSession Session { get; init; }

    /// <summary>The zone that the symbols are sealed for.</summary>
    public required ZoneEntry Zone { get; init; }

    /// <summary>The node that seals them; behind a relay another than the session's end.</summary>
    public required NodeId Source { get; init; }

    public ulong Instance { get; init; } = 1;

    public ulong Seq { get; init; } = 1;

    public ObjectId Object { get; init; } = new(new Bytes32(1, 1, 1, 1));

    public IReadOnlyList<uint> Esis { get; init; } = [0];

    public ushort K { get; init; } = 8;

    public int SymbolBytes { get; init; } = 256;

    public FrameFlags Flags { get; init; } = FrameFlags.Default;

    public uint Magic { get; init; } = 0x53504346;

    public ushort Version { get; init; } = 1;

    /// <summary>What the header says, where it is not the truth.</summary>
    public ushort? ClaimedSymbolBytes { get; init; }

    public uint? ClaimedPayloadBytes { get; init; }

    public ulong? EnvelopeSeq { get; init; }

    public SessionId? ClaimedSession { get; init; }

    public ulong? Epoch { get; init; }

    public ZoneKeyId? ClaimedKey { get; init; }

    public ZoneIdHash? ClaimedZone { get; init; }

    /// <summary>Bytes behind the frame, under the MAC.</summary>
    public int SurplusBytes { get; init; }

    /// <summary>The whole datagram is cut to this many bytes.</summary>
    public int? CutToBytes { get; init; }

    /// <summary>True for a MAC that does not verify.</summary>
    public bool IsForged { get; init; }

    /// <summary>Positions in the frame whose symbols do not open, though the MAC verifies.</summary>
    public IReadOnlyList<int> Spoiled { get; init; } = [];

    private ulong EpochNumber => Epoch ?? Zone.Ring.HighEpoch.Value;

    private ZoneKeyId KeyId => Zone.Ring.Active!.Id;

    /// <summary>The plaintext of a symbol: tells object, number and size.</summary>
    public static byte[] Plaintext(ObjectId id, uint esi, int bytes)
    {
        byte[] plaintext = new byte[bytes];
        new Random(HashCode.Combine(id.Value.Word0, esi, bytes)).NextBytes(plaintext);
        return plaintext;
    }

    public byte[] Frame()
    {
        int recordBytes = SymbolBytes + 22;
        byte[] frame = new byte[114 + (Esis.Count * recordBytes) + SurplusBytes];
        new FcpsHeader(
            Flags, (uint)Esis.Count, ClaimedPayloadBytes ?? (uint)(Esis.Count * recordBytes), Object, ClaimedSymbolBytes ?? (ushort)SymbolBytes,
            ClaimedKey ?? KeyId, ClaimedZone ?? Zone.Ring.ZoneHash, new EpochId(EpochNumber), new SenderInstanceId(Instance), new FrameSeq(Seq)).Write(frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(4), Version);
        for (int i = 0; i < Esis.Count; i++)
        {
            Span<byte> record = frame.AsSpan(114 + (i * recordBytes), recordBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(record, Esis[i]);
            BinaryPrimitives.WriteUInt16LittleEndian(record[4..], K);
            Seal(Esis[i], record[6..]);
            foreach (int spoiled in Spoiled) record[6] ^= (byte)(spoiled == i ? 1 : 0);
        }

        return frame;
    }

    public byte[] Datagram()
    {
        byte[] frame = Frame();
        byte[] datagram = new byte[40 + frame.Length];
        frame.CopyTo(datagram, 40);
        using (KeyLease key = Session.SendMacKey.Lease())
        {
            DatagramMac.Seal(
                default(PortableMac), Session.Suite, key.Bytes, ClaimedSession ?? Session.Id, Session.SendDirection, new FrameSeq(EnvelopeSeq ?? Seq), datagram);
        }

        if (IsForged) datagram[24] ^= 0x80;
        return CutToBytes is { } bytes ? datagram[..Math.Min(bytes, datagram.Length)] : datagram;
    }

    private void Seal(uint esi, Span<byte> sealedBytes)
    {
        FcpStatus status = Zone.Ring.Active!.TryGet(new EpochId(EpochNumber), out SecretKey? parent, out _);
        byte[] subkey = new byte[32];
        if (status == FcpStatus.Accepted) // else no sender has a key for that epoch; any will do
        {
            using KeyLease lease = parent!.Lease();
            SymbolCipher.DeriveSymbolKey(new ManagedKdf(), KeyId, lease.Bytes, Source, new SenderInstanceId(Instance), subkey);
        }

        AeadAlgorithm algorithm = Zone.Ring.Active.Algorithm;
        byte[] nonce = new byte[CryptoSizes.NonceBytes(algorithm)], associated = new byte[SymbolCipher.AssociatedDataBytes];
        SymbolCipher.WriteNonce(algorithm, new SenderInstanceId(Instance), new FrameSeq(Seq), esi, nonce);
        SymbolCipher.WriteAssociatedData(associated, Object, esi, K, Zone.Ring.ZoneHash, KeyId, new EpochId(EpochNumber));
        default(LibsodiumAead).SealOne(algorithm, subkey, nonce, associated, Plaintext(Object, esi, SymbolBytes), sealedBytes);
    }
}
