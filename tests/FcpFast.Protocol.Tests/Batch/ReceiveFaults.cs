using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>Everything that may be wrong with one datagram, in the order in which it must be found.</summary>
/// <remarks>Source: [WIRE §6] (order of the receive path), [WIRE §4.3], [WIRE §4.4], [REPLAY §2.3], [REPLAY §2.9].</remarks>
internal static class ReceiveFaults
{
    /// <summary>The faults, first to last. Two that share a group are not tried together.</summary>
    public static IReadOnlyList<Fault> InOrder { get; } =
    [
        new("under 40 bytes", FcpStatus.DatagramTooShort, "length", static d => d with { CutToBytes = 39 }),
        new("over the limit", FcpStatus.DatagramTooLarge, "length", static d => d with { SurplusBytes = 3_000 }),
        new("F2", FcpStatus.TooShort, "length", static d => d with { CutToBytes = 40 + 113 }),
        new("F3", FcpStatus.InvalidMagic, "magic", static d => d with { Magic = 0x43504346 }),
        new("F4", FcpStatus.UnsupportedVersion, "version", static d => d with { Version = 2 }),
        new("F5", FcpStatus.UnknownFlags, "reserved", static d => d with { Flags = d.Flags | (FrameFlags)0x1000 }),
        new("F6", FcpStatus.InvalidSymbolSize, "size", static d => d with { ClaimedSymbolBytes = 0, ClaimedPayloadBytes = 0 }),
        new("F7", FcpStatus.LengthMismatch, "payload", static d => d with { ClaimedPayloadBytes = 1 }),
        new("F8", FcpStatus.FrameSizeMismatch, "surplus", static d => d with { SurplusBytes = 1 }),
        new("seq rule", FcpStatus.SeqMismatch, "envelope", static d => d with { EnvelopeSeq = d.Seq + 1 }),
        new("session", FcpStatus.UnknownSession, "session", static d => d with { ClaimedSession = new SessionId(new Bytes16(1, 2)) }),
        new("symbol size", FcpStatus.SymbolSizeOutOfRange, "size", static d => d with { SymbolBytes = 255 }),
        new("no symbols", FcpStatus.NoSymbols, "symbols", static d => d with { Esis = [] }),
        new("not encrypted", FcpStatus.NotEncrypted, "encrypted", static d => d with { Flags = d.Flags & ~FrameFlags.Encrypted }),
        new("esi", FcpStatus.InvalidEsi, "symbols", static d => d with { Esis = [1u << 24, 1] }),
        new("k", FcpStatus.InvalidK, "k", static d => d with { K = 0 }),
        new("F9", FcpStatus.DuplicateEsi, "symbols", static d => d with { Esis = [3, 4, 3] }),
        new("epoch behind", FcpStatus.EpochOutOfRange, "epoch", static d => d with { Epoch = d.Zone.Ring.HighEpoch.Value - 3 }),
        new("epoch ahead", FcpStatus.EpochOutOfRange, "epoch", static d => d with { Epoch = d.Zone.Ring.HighEpoch.Value + 2 }),
        new("lane check", FcpStatus.ReplayDuplicate, "number", static d => d with { Seq = ReceiveOrderTests.SpentSeq }),
        new("mac", FcpStatus.InvalidSignature, "mac", static d => d with { IsForged = true }),
        new("zero at commit", FcpStatus.ReplayZero, "number", static d => d with { Seq = 0, Instance = 77 }),
        new("retired at commit", FcpStatus.ReplayRetired, "number", static d => d with { Instance = ReceiveOrderTests.RetiredInstance }),
        new("suite floor", FcpStatus.SuiteBelowFloor, "zone", static d => d with { Zone = ReceiveOrderTests.StrictZone }),
        new("zone unknown", FcpStatus.UnknownZoneKey, "zone epoch", static d => d with { ClaimedZone = new ZoneIdHash(new Bytes32(6, 6, 6, 6)) }),
        new("key unknown", FcpStatus.UnknownZoneKey, "key", static d => d with { ClaimedKey = new ZoneKeyId(new Bytes8(99)) }),
        new("source", FcpStatus.UnknownSource, "number", static d => d with { Instance = ReceiveOrderTests.SourcelessInstance }),
        new("content window", FcpStatus.ReplayDuplicate, "number", static d => d with { Seq = ReceiveOrderTests.OpenedSeq }),
        new("object", FcpStatus.UnknownObject, "object", static d => d with { Object = new ObjectId(new Bytes32(9, 9, 9, 9)) }),
        new("slot", FcpStatus.SlotFilled, "symbols", static d => d with { Esis = [ReceiveOrderTests.FilledEsi] }),
        new("seal", FcpStatus.DecryptFailed, "seal", static d => d with { Spoiled = [0] }),
        new("compressed", FcpStatus.CompressionUnsupported, "compressed", static d => d with { Flags = d.Flags | FrameFlags.Compressed }),
    ];

    /// <summary>One thing that is wrong.</summary>
    internal sealed record Fault(string Name, FcpStatus Status, string Groups, Func<FrameDraft, FrameDraft> Apply)
    {
        /// <summary>True if both concern one thing, so that not both can be wrong, or one hides the other. (Without the zone no epoch is judged.)</summary>
        public bool Excludes(Fault other) => Groups.Split(' ').Intersect(other.Groups.Split(' ')).Any();
    }
}
