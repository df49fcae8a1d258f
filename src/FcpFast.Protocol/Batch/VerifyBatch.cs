using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Batch;

/// <summary>The first half of the receive path: from bytes to authenticated, fresh frames. A relay stops here.</summary>
/// <typeparam name="TMac">The MAC engine.</typeparam>
/// <remarks>
/// Shape:   per datagram, in this order: envelope, F1 to F8, seq rule, session, policy, F9, epoch, replay check; then the MACs of each run
///          of one session at once; then the commits in arrival order, which decide also between equal numbers of one batch. What depends on
///          session and header alone is found once for all frames that have them in common; numbers in a row are committed by words.
/// Errors:  a status a slot; nothing throws for what a peer sends, and a frame that fails leaves no trace but its counter.
/// Threads: one user at a time.
/// Cost:    no allocation but when a lane opens.
/// Source:  [WIRE §6], [REPLAY §2.3], [REPLAY §3].
/// </remarks>
public sealed class VerifyBatch<TMac>
    where TMac : struct, IMacEngine
{
    private readonly FrameSlot[] _slots = new FrameSlot[BatchLimits.FramesMax];
    private readonly byte[] _receivedMacs = new byte[BatchLimits.FramesMax * CryptoSizes.MacBytes];
    private readonly byte[] _computedMacs = new byte[BatchLimits.FramesMax * CryptoSizes.MacBytes];
    private readonly MacItem[] _items = new MacItem[BatchLimits.FramesMax];
    private readonly int[] _itemSlots = new int[BatchLimits.FramesMax];
    private readonly SessionTable _sessions;
    private readonly ZoneTable? _zones;
    private readonly StatusCounters _counters;
    private readonly int _datagramBytesMax;
    private readonly TMac _mac;
    private int _head; // the last slot whose header was accepted; -1 for none

    /// <summary>Makes a batch for one shard.</summary>
    /// <param name="sessions">The shard's sessions.</param>
    /// <param name="zones">The node's zones, for the epoch range; null at a relay, which knows no zone's mode.</param>
    /// <param name="counters">Where refusals are counted.</param>
    /// <param name="datagramBytesMax">The longest datagram accepted.</param>
    /// <param name="mac">The MAC engine.</param>
    public VerifyBatch(SessionTable sessions, ZoneTable? zones, StatusCounters counters, int datagramBytesMax, TMac mac = default)
    {
        _sessions = sessions;
        _zones = zones;
        _counters = counters;
        _datagramBytesMax = datagramBytesMax;
        _mac = mac;
    }

    /// <summary>The frames of the last pass; <see cref="OpenBatch{TAead, TSink}"/> completes their statuses.</summary>
    public Span<FrameSlot> Frames => _slots.AsSpan(0, Count);

    /// <summary>How many datagrams the last pass took.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them verified and are fresh.</summary>
    public int AcceptedCount { get; private set; }

    /// <summary>How many did not verify: the source address is charged with them.</summary>
    public int FailedCount { get; private set; }

    /// <summary>Takes the next datagrams of a slab.</summary>
    /// <param name="slab">Equal-size datagrams side by side, the last may be shorter; their headers are overwritten.</param>
    /// <param name="datagramBytes">The size by which the kernel split them, never what a header claims.</param>
    /// <param name="now">The time.</param>
    /// <returns>Bytes of the slab taken: all, or less if there are more than <see cref="BatchLimits.FramesMax"/> datagrams.</returns>
    public int Verify(Span<byte> slab, int datagramBytes, Instant now)
    {
        if (datagramBytes < 1) ThrowHelper.BadArgument(nameof(datagramBytes), "a datagram has a size");
        int offset = 0;
        _head = -1;
        for (Count = 0; Count < BatchLimits.FramesMax && offset < slab.Length; Count++)
        {
            int bytes = Math.Min(datagramBytes, slab.Length - offset);
            ref FrameSlot slot = ref _slots[Count];
            slot = default;
            slot.FrameOffset = offset + DatagramLayout.HeaderBytes;
            slot.FrameBytes = bytes - DatagramLayout.HeaderBytes;
            slot.Status = Examine(slab, slab.Slice(offset, bytes), ref slot);
            offset += bytes;
        }

        Authenticate(slab);
        CommitAll(slab, now);
        return offset;
    }

    private Span<byte> ReceivedMac(int index) => _receivedMacs.AsSpan(index * CryptoSizes.MacBytes, CryptoSizes.MacBytes);

    /// <summary>Everything that needs no cryptography.</summary>
    private FcpStatus Examine(ReadOnlySpan<byte> slab, ReadOnlySpan<byte> datagram, ref FrameSlot slot)
    {
        FcpStatus status = DatagramView.Parse(datagram, _datagramBytesMax, out DatagramView view);
        if (status != FcpStatus.Accepted) return status;
        status = TryFollow(slab, datagram, ref slot, out FrameView frame) ? ExamineRecords(view, frame, ref slot) : ExamineWhole(view, ref slot);
        if (status != FcpStatus.Accepted) return status;
        view.Mac.CopyTo(ReceivedMac(Count));
        return slot.Session!.Lanes.Check(slot.Instance, slot.Seq, out _);
    }

    /// <summary>True if the datagram is of the session of the last header that was accepted, and has that header but for the number.</summary>
    private bool TryFollow(ReadOnlySpan<byte> slab, ReadOnlySpan<byte> datagram, ref FrameSlot slot, out FrameView frame)
    {
        frame = default;
        if (_head < 0) return false;
        ref readonly FrameSlot head = ref _slots[_head];
        ReadOnlySpan<byte> before = slab.Slice(head.FrameOffset - DatagramLayout.HeaderBytes, DatagramLayout.HeaderBytes + head.FrameBytes);
        if (!datagram[..SessionId.Length].SequenceEqual(before[..SessionId.Length])) return false;
        if (!FrameView.TryFollow(before[DatagramLayout.HeaderBytes..], datagram[DatagramLayout.HeaderBytes..], out frame)) return false;
        slot.Session = head.Session;
        slot.Instance = head.Instance;
        slot.IsProbe = head.IsProbe;
        slot.Follows = true;
        return true;
    }

    /// <summary>What a frame does not have in common with the one that it follows.</summary>
    private static FcpStatus ExamineRecords(in DatagramView view, in FrameView frame, ref FrameSlot slot)
    {
        slot.Seq = view.Seq;
        if (frame.Seq != slot.Seq) return FcpStatus.SeqMismatch;
        FcpStatus status = frame.CheckRecordPolicy();
        return status == FcpStatus.Accepted ? frame.CheckEsis() : status;
    }

    private FcpStatus ExamineWhole(in DatagramView view, ref FrameSlot slot)
    {
        PeerSession? session = _sessions.Find(view.SessionId);
        slot.Session = session;
        FcpStatus status = view.ParseFrame(out FrameView frame);
        if (status != FcpStatus.Accepted) return status;
        slot.Seq = view.Seq;
        slot.Instance = frame.Instance;
        slot.IsProbe = frame.IsProbe;
        if (session is null || !session.CanReceive) return FcpStatus.UnknownSession;
        status = frame.CheckPolicy();
        if (status != FcpStatus.Accepted) return status;
        status = frame.CheckEsis();
        if (status != FcpStatus.Accepted) return status;
        if (!slot.IsProbe && _zones?.Find(frame.ZoneIdHash) is { } zone)
        {
            status = zone.Ring.JudgeEpoch(frame.ZoneKeyId, frame.Epoch);
            if (status != FcpStatus.Accepted) return status;
        }

        _head = Count;
        return FcpStatus.Accepted;
    }

    /// <summary>Computes the MACs of each run of one session in one call, and compares them in constant time.</summary>
    private void Authenticate(Span<byte> slab)
    {
        int start = 0;
        while (start < Count)
        {
            PeerSession? session = _slots[start].Session;
            int end = start + 1;
            while (end < Count && ReferenceEquals(_slots[end].Session, session)) end++;
            if (session is not null) AuthenticateRun(slab, session, start, end);
            start = end;
        }
    }

    private void AuthenticateRun(Span<byte> slab, PeerSession session, int start, int end)
    {
        SessionId id = session.Id;
        Direction direction = session.ReceiveDirection;
        int items = 0;
        for (int i = start; i < end; i++)
        {
            ref FrameSlot slot = ref _slots[i];
            if (slot.Status != FcpStatus.Accepted) continue;
            int datagramOffset = slot.FrameOffset - DatagramLayout.HeaderBytes;
            DatagramWriter.WriteMacPrefix(slab[datagramOffset..], id, direction, slot.Seq);
            _items[items] = new MacItem(datagramOffset + DatagramLayout.MacInputOffset, DatagramLayout.MacPrefixBytes + slot.FrameBytes);
            _itemSlots[items] = i;
            items++;
        }

        if (items == 0) return;
        using KeyLease key = session.ReceiveMacKey.Lease();
        Span<byte> macs = _computedMacs.AsSpan(0, items * CryptoSizes.MacBytes);
        if (key.IsLive) _mac.Compute(session.Suite, key.Bytes, slab, _items.AsSpan(0, items), macs);
        for (int item = 0; item < items; item++)
        {
            int i = _itemSlots[item];
            bool verified = key.IsLive & ConstantTime.AreEqual16(macs[(item * CryptoSizes.MacBytes)..], ReceivedMac(i));
            if (verified) continue;
            _slots[i].Status = FcpStatus.InvalidSignature;
            session.CountFailedVerification();
        }
    }

    private void CommitAll(ReadOnlySpan<byte> slab, Instant now)
    {
        AcceptedCount = 0;
        FailedCount = 0;
        for (int i = 0; i < Count;)
        {
            ref FrameSlot slot = ref _slots[i];
            if (slot.Status == FcpStatus.Accepted)
            {
                i = CommitRun(slab, i, now);
                continue;
            }

            _counters.Count(slot.Status);
            if (slot.Status == FcpStatus.InvalidSignature) FailedCount++;
            i++;
        }
    }

    /// <summary>Commits the frames of a run, at least the first; returns the first slot that was not committed with them.</summary>
    private int CommitRun(ReadOnlySpan<byte> slab, int start, Instant now)
    {
        ref FrameSlot first = ref _slots[start];
        FcpStatus parsed = FrameView.Parse(slab.Slice(first.FrameOffset, first.FrameBytes), first.FrameBytes, out FrameView frame);
        Invariant.Require(parsed == FcpStatus.Accepted, "a frame stays what it was while its batch is worked on");
        PeerSession session = first.Session!;
        int end = EndOfRun(start), committed = session.Lanes.CommitRun(first.Instance, first.Seq, end - start, frame.ZoneKeyId, now, out Lane? lane);
        if (committed == 0)
        {
            committed = 1;
            first.Status = session.Lanes.Commit(first.Instance, first.Seq, frame.ZoneIdHash, frame.ZoneKeyId, now, out lane);
            if (first.Status != FcpStatus.Accepted)
            {
                _counters.Count(first.Status);
                return start + 1;
            }
        }

        long bytes = 0;
        for (int i = start; i < start + committed; i++)
        {
            _slots[i].Lane = lane;
            bytes += _slots[i].FrameBytes;
        }

        AcceptedCount += committed;
        session.CountReceived(committed, bytes);
        return start + committed;
    }

    /// <summary>Behind the last of the accepted slots from this one on that have its header and numbers in a row.</summary>
    private int EndOfRun(int start)
    {
        int end = start + 1;
        while (end < Count && _slots[end] is { Status: FcpStatus.Accepted, Follows: true } next
            && next.Seq.Value != 0 && next.Seq.Value - 1 == _slots[end - 1].Seq.Value)
        {
            end++;
        }

        return end;
    }
}
