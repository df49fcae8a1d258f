using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Simulation.Links;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>Says by which name each datagram of one session must be refused, by the text of the specification alone.</summary>
/// <remarks>
/// Shape:  fed with datagrams in the order in which the node takes them, one at a time; knows which of them the network has changed, and
///         remembers accepted numbers in a set.
/// Source: [WIRE §4.3], [WIRE §4.4], [WIRE §6], [REPLAY §2.2], [REPLAY §2.3].
/// </remarks>
internal sealed class DatagramOracle(byte[] sessionId, byte[] zoneHash, int windowFrames, ulong epoch)
{
    private readonly Dictionary<ulong, (ulong Highest, HashSet<ulong> Accepted)> _lanes = [];

    public Dictionary<FcpStatus, long> Refusals { get; } = [];

    public long Accepted { get; private set; }

    /// <summary>Datagrams that have the look of a bare handshake message: which fault their CBOR has is not judged here.</summary>
    public long Handshakes { get; private set; }

    public void Take(Packet packet)
    {
        byte[] bytes = packet.Bytes;
        if (bytes.Length == 0) return; // the socket drops these
        if (bytes.Length is > 16 and <= 16_384 && bytes[0] is >= 0xA6 and <= 0xA9 && !IsOfSession(bytes))
        {
            Handshakes++;
            return;
        }

        FcpStatus status = Judge(packet);
        if (status == FcpStatus.Accepted) Accepted++;
        else Refusals[status] = Refusals.GetValueOrDefault(status) + 1;
    }

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private bool IsOfSession(byte[] bytes) => bytes.AsSpan(0, 16).SequenceEqual(sessionId);

    private FcpStatus Judge(Packet packet)
    {
        byte[] bytes = packet.Bytes;
        if (bytes.Length < 40) return FcpStatus.DatagramTooShort;
        ReadOnlySpan<byte> frame = bytes.AsSpan(40);
        FcpStatus format = JudgeFormat(frame);
        if (format != FcpStatus.Accepted) return format;
        ulong seq = U64(bytes.AsSpan(16)), instance = U64(frame[98..]);
        if (seq != U64(frame[106..])) return FcpStatus.SeqMismatch;
        if (!IsOfSession(bytes)) return FcpStatus.UnknownSession;
        FcpStatus policy = JudgePolicy(frame, out bool isProbe);
        if (policy != FcpStatus.Accepted) return policy;
        if (!isProbe && frame.Slice(58, 32).SequenceEqual(zoneHash) && !IsInRange(U64(frame[90..]))) return FcpStatus.EpochOutOfRange;
        FcpStatus replay = JudgeReplay(instance, seq);
        if (replay != FcpStatus.Accepted) return replay;
        if (packet.IsCorrupted) return FcpStatus.InvalidSignature;
        Commit(instance, seq);
        return FcpStatus.Accepted;
    }

    /// <summary>What a frame is refused for by its form alone.</summary>
    internal static FcpStatus JudgeFormat(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > 4 * 1024 * 1024) return FcpStatus.ExceedsMtu;
        if (frame.Length < 114) return FcpStatus.TooShort;
        if (!frame[..4].SequenceEqual("FCPS"u8)) return FcpStatus.InvalidMagic;
        if (U16(frame[4..]) != 1) return FcpStatus.UnsupportedVersion;
        if ((U16(frame[6..]) & 0xF000) != 0) return FcpStatus.UnknownFlags;
        int symbolSize = U16(frame[48..]);
        if (symbolSize == 0) return FcpStatus.InvalidSymbolSize;
        ulong payload = (ulong)U32(frame[8..]) * (22 + (ulong)symbolSize);
        if (U32(frame[12..]) != payload) return FcpStatus.LengthMismatch;
        return (ulong)frame.Length == 114 + payload ? FcpStatus.Accepted : FcpStatus.FrameSizeMismatch;
    }

    /// <summary>What a frame of the right form is refused for before any key is looked for, an ESI twice included.</summary>
    internal static FcpStatus JudgePolicy(ReadOnlySpan<byte> frame, out bool isProbe)
    {
        uint count = U32(frame[8..]);
        ushort flags = U16(frame[6..]), size = U16(frame[48..]);
        isProbe = count == 0 && (flags == 0x0800 || flags == 0x0808);
        if (count > 256) return FcpStatus.TooManySymbols;
        if (size is < 256 or > 16_384) return FcpStatus.SymbolSizeOutOfRange;
        if (isProbe) return FcpStatus.Accepted;
        if (count == 0) return FcpStatus.NoSymbols;
        if ((flags & 0x0004) == 0) return FcpStatus.NotEncrypted;
        var esis = new HashSet<uint>();
        bool isRepeated = false;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> record = frame[(114 + (i * (22 + size)))..];
            if (U32(record) >= 1 << 24) return FcpStatus.InvalidEsi;
            if (U16(record[4..]) == 0 || U16(record[4..]) != U16(frame[118..])) return FcpStatus.InvalidK;
            isRepeated |= !esis.Add(U32(record));
        }

        return isRepeated ? FcpStatus.DuplicateEsi : FcpStatus.Accepted;
    }

    private bool IsInRange(ulong told) => told >= epoch - 2 && told <= epoch + 1;

    private FcpStatus JudgeReplay(ulong instance, ulong seq)
    {
        if (!_lanes.TryGetValue(instance, out (ulong Highest, HashSet<ulong> Accepted) lane)) return FcpStatus.Accepted;
        if (seq == 0) return FcpStatus.ReplayZero;
        if (seq > lane.Highest) return FcpStatus.Accepted;
        if (lane.Highest - seq >= (ulong)windowFrames) return FcpStatus.ReplayTooOld;
        return lane.Accepted.Contains(seq) ? FcpStatus.ReplayDuplicate : FcpStatus.Accepted;
    }

    private void Commit(ulong instance, ulong seq)
    {
        (ulong highest, HashSet<ulong> accepted) = _lanes.TryGetValue(instance, out (ulong Highest, HashSet<ulong> Accepted) lane) ? lane : (0, []);
        accepted.Add(seq);
        _lanes[instance] = (Math.Max(highest, seq), accepted);
    }
}
