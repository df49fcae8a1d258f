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

    public override void Pass()
    {
        _fresh = 0;
        if (order == WindowOrder.Run) _fresh = _window.CommitRun(new FrameSeq(_next), subject.Batch);
        else if (order == WindowOrder.Reordered) TakeReordered();
        else TakeInOrder();
        if (!_isReplayed && order != WindowOrder.Reordered) _next += (ulong)subject.Batch;
    }

    private void TakeInOrder()
    {
        for (int i = 0; i < subject.Batch; i++) Take(_next + (ulong)i);
    }

    private void TakeReordered()
    {
        for (int i = 0; i < subject.Batch; i++)
        {
            Take(_place == 0 ? _next + (ulong)widthFrames - 1 : _next + (ulong)_place - 1);
            if (++_place < widthFrames) continue;
            _place = 0;
            _next += (ulong)widthFrames;
        }
    }

    private void Take(ulong n)
    {
        var seq = new FrameSeq(n);
        if (_window.Check(seq) == ReplayVerdict.Fresh && _window.Commit(seq) == ReplayVerdict.Fresh) _fresh++;
    }
}
