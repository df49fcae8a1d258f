using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>A replay window: each number checked, then committed, in order or reordered by up to its width less one; or all of them again, refused.</summary>
internal sealed class WindowBody(BenchCase subject, int widthFrames = ReplayWindow.WidthFramesDefault, WindowOrder order = WindowOrder.InOrder) : BenchBody
{
    private readonly ReplayWindow _window = new(widthFrames);
    private readonly bool _isReplayed = subject.Traffic == Traffic.Replayed;
    private ulong _next = 1;
    private int _place; // in the present width of numbers, of reordered ones
    private int _fresh;

    public override void Check()
    {
        for (int i = 0; _isReplayed && i < subject.Batch; i++) _window.Commit(new FrameSeq(_next + (ulong)i));
        int passes = order == WindowOrder.Reordered ? (3 * widthFrames / subject.Batch) + 1 : 1;
        for (int pass = 0; pass < passes; pass++)
        {
            Pass();
            Require(_fresh == (_isReplayed ? 0 : subject.Batch), "fresh numbers are accepted once, in whatever order");
        }
    }

    public override void Pass() => _fresh = order switch
    {
        WindowOrder.Run => TakeRun(),
        WindowOrder.Reordered => TakeReordered(),
        _ => TakeInOrder(),
    };

    private int TakeRun()
    {
        int fresh = _window.CommitRun(new FrameSeq(_next), subject.Batch);
        if (!_isReplayed) _next += (ulong)subject.Batch;
        return fresh;
    }

    private int TakeInOrder()
    {
        int fresh = 0;
        ulong first = _next, beyond = _next + (ulong)subject.Batch;
        for (ulong n = first; n < beyond; n++) fresh += Take(n);
        _next = _isReplayed ? first : beyond;
        return fresh;
    }

    private int TakeReordered()
    {
        int fresh = 0, place = _place;
        ulong next = _next, last = _next + (ulong)widthFrames - 1;
        for (int left = subject.Batch; left > 0; left--)
        {
            fresh += Take(place == 0 ? last : next + (ulong)place - 1);
            if (++place < widthFrames) continue;
            place = 0;
            next = last + 1;
            last += (ulong)widthFrames;
        }

        _place = place;
        _next = next;
        return fresh;
    }

    private int Take(ulong n)
    {
        var seq = new FrameSeq(n);
        return _window.Check(seq) == ReplayVerdict.Fresh && _window.Commit(seq) == ReplayVerdict.Fresh ? 1 : 0;
    }
}
