using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>
/// A receiver that opens frames, its store, senders that reach it directly or by a relay, and the relay, which keeps every frame and may bring
/// any of them again at any time. It watches over S1 and S8: what it finds wrong stands in <see cref="Fault"/>.
/// </summary>
/// <remarks>Source: [REPLAY §6.1], [REPLAY §8].</remarks>
internal sealed class DurableWorld
{
    public const int WidthFrames = 3;
    public const ulong SymbolsStep = 4;
    public const ulong BodiesStep = 2;

    private static readonly ZoneIdHash Zone = new(new Bytes32(1, 0, 0, 0));
    private static readonly ZoneKeyId Key = new(new Bytes8(7));

    private readonly RelayedReplayRule _rule;
    private readonly StoreFault _fault;
    private readonly HashSet<(ContentStreamId, bool, ulong)> _opened = [];
    private readonly Dictionary<ContentStreamId, bool> _isDirectNow = [];
    private readonly Dictionary<ContentStreamId, ulong> _highest = [];
    private readonly Dictionary<ContentStreamId, ulong> _fences = [];
    private ContentWindows _windows;
    private ulong _clockEpoch = 100;
    private int _starts;
    private ulong _instances;

    public DurableWorld(RelayedReplayRule rule, StoreFault fault = StoreFault.None)
    {
        _rule = rule;
        _fault = fault;
        Store = new CrashingStore(fault);
        _windows = Start();
    }

    public CrashingStore Store { get; }

    /// <summary>The first thing that was wrong; null if nothing was.</summary>
    public string? Fault { get; private set; }

    /// <summary>H of a relayed stream's frames of symbols, and the fence, as the definition has them.</summary>
    public (ulong Highest, ulong Fence) ModelOf(ContentStreamId stream) => (_highest.GetValueOrDefault(stream), _fences.GetValueOrDefault(stream));

    /// <summary>What the windows say of a number of a stream's symbols, with nothing changed.</summary>
    public FcpStatus Check(ContentStreamId id, ulong n)
    {
        ContentStream? stream = null;
        FcpStatus status = _windows.Prepare(id, ref stream);
        return status == FcpStatus.Accepted ? _windows.CheckSymbols(stream!, new ContentFrame(new FrameSeq(n), Epoch, IsDirect: false)) : status;
    }

    /// <summary>Frames that were sealed, whoever has them: stream, kind, number, epoch.</summary>
    public List<(ContentStreamId Stream, bool IsBody, ulong N, EpochId Epoch)> Sealed { get; } = [];

    /// <summary>Streams whose sender is alive.</summary>
    public IEnumerable<ContentStreamId> Streams => _isDirectNow.Keys;

    public EpochId Epoch => new(_clockEpoch);

    public ContentStreamId NewStream(bool isDirect)
    {
        NodeId.Parse(isDirect ? "peer" : "behind-a-relay", out NodeId source);
        var id = new ContentStreamId(Zone, Key, source, new SenderInstanceId(++_instances));
        _isDirectNow[id] = isDirect;
        return id;
    }

    /// <summary>The sender announces a stream on its session; <c>Accepted</c> lets it seal in it.</summary>
    public FcpStatus Expect(ContentStreamId stream)
    {
        FcpStatus status = _windows.Expect(stream, default);
        if (status == FcpStatus.Accepted && !Store.Covers(stream, isDirect: true, isBody: false, 1)) Fault ??= $"{stream.Instance} is answered for, and a crash would forget it (S8)";
        return status;
    }

    public bool IsDirect(ContentStreamId stream) => _isDirectNow.GetValueOrDefault(stream);

    public void Seal(ContentStreamId stream, bool isBody, ulong n) => Sealed.Add((stream, isBody, n, Epoch));

    public ulong Highest(ContentStreamId stream, bool isBody) =>
        Sealed.Where(frame => frame.Stream == stream && frame.IsBody == isBody).Select(static frame => frame.N).DefaultIfEmpty().Max();

    /// <summary>A frame arrives, by the session of its sender or by a relay.</summary>
    public FcpStatus Deliver((ContentStreamId Stream, bool IsBody, ulong N, EpochId Epoch) sealedFrame, bool isDirect)
    {
        (ContentStreamId id, bool isBody, ulong n, EpochId epoch) = sealedFrame;
        var frame = new ContentFrame(new FrameSeq(n), epoch, isDirect);
        ContentStream? stream = null;
        FcpStatus status = _windows.Prepare(id, ref stream);
        if (status == FcpStatus.Accepted) status = isBody ? _windows.CheckBody(stream!, frame) : _windows.CheckSymbols(stream!, frame);
        if (status == FcpStatus.Accepted) status = isBody ? _windows.CommitBody(stream!, frame, default) : CommitSymbols(stream!, frame);
        if (status != FcpStatus.Accepted) return status;
        if (!isBody) _highest[id] = Math.Max(n, _highest.GetValueOrDefault(id));
        if (!_opened.Add((id, isBody, n))) Fault ??= $"{id.Instance} {(isBody ? "body" : "frame")} {n} was opened twice (S1)";
        bool byEpoch = _rule == RelayedReplayRule.EpochFence && !isDirect;
        bool isCovered = byEpoch ? IsEpochCovered(epoch) || Store.Covers(id, false, isBody, n) : Store.Covers(id, isDirect, isBody, n);
        if (!isCovered) Fault ??= $"{id.Instance} {n} counts as opened, and a crash would forget it (S8)";
        return status;
    }

    public bool WasOpened(ContentStreamId stream, bool isBody, ulong n) => _opened.Contains((stream, isBody, n));

    public void Flush(bool fails = false)
    {
        Store.Flush(fails);
        _windows.TakeDurable();
    }

    /// <summary>The receiver takes up what the store has told.</summary>
    public void TakeDurable() => _windows.TakeDurable();

    public void MoveClock(long epochs) => _clockEpoch = (ulong)Math.Max(1, (long)_clockEpoch + epochs);

    /// <summary>The receiver ends and starts again; senders with a session notice, and seal in new streams.</summary>
    /// <param name="keeps">Of each unflushed record, in order: whether it was written all the same; null for none.</param>
    public void Crash(Func<bool>? keeps)
    {
        Store.Crash(keeps);
        foreach (ContentStreamId stream in _isDirectNow.Keys.Where(IsDirect).ToArray()) _isDirectNow.Remove(stream);
        foreach (ContentRecord record in Store.Streams) _highest[record.Stream] = _fences[record.Stream] = record.SymbolsCeiling;
        _windows = Start();
    }

    /// <summary>As the receive path does: numbers in a row at once where that is possible, else one by one.</summary>
    private FcpStatus CommitSymbols(ContentStream stream, in ContentFrame frame) =>
        _windows.CommitSymbolRun(stream, frame.Seq, 1, frame.IsDirect, default) == 1 ? FcpStatus.Accepted : _windows.CommitSymbols(stream, frame, default);

    private ContentWindows Start()
    {
        IReadOnlyList<ContentRecord> streams = _fault == StoreFault.RestartsEmpty ? [] : Store.Streams;
        if (_fault == StoreFault.ForgetsDirect) streams = [.. streams.Select(static record => record with { IsDirect = false })];
        IReadOnlyList<EpochRecord> epochs = _fault == StoreFault.FenceByClockAlone ? [] : Store.Epochs;
        var start = new ReplayStart(_rule, streams, epochs, Epoch, IsFirst: _starts++ == 0);
        return new ContentWindows(WidthFrames, new ContentDurability(Store, start, SymbolsStep, BodiesStep));
    }

    private bool IsEpochCovered(EpochId epoch) => Store.EpochHigh(Zone) is { } high && epoch.Value <= high.Value;
}
