using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>A replay window: each number checked, then committed, in order; or all of them again, refused.</summary>
internal sealed class WindowBody(BenchCase subject) : BenchBody
{
    private readonly ReplayWindow _window = new(ReplayWindow.WidthFramesDefault);
    private readonly bool _isReplayed = subject.Traffic == Traffic.Replayed;
    private ulong _next = 1;
    private int _fresh;

    public override void Check()
    {
        for (int i = 0; _isReplayed && i < subject.Batch; i++) _window.Commit(new FrameSeq(_next + (ulong)i));
        Pass();
        Require(_fresh == (_isReplayed ? 0 : subject.Batch), "fresh numbers are accepted once");
    }

    public override void Pass()
    {
        _fresh = 0;
        for (int i = 0; i < subject.Batch; i++)
        {
            var seq = new FrameSeq(_next + (ulong)i);
            if (_window.Check(seq) == ReplayVerdict.Fresh && _window.Commit(seq) == ReplayVerdict.Fresh) _fresh++;
        }

        if (!_isReplayed) _next += (ulong)subject.Batch;
    }
}
