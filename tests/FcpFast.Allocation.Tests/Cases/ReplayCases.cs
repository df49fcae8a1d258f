using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>Windows and sequence numbers.</summary>
internal static class ReplayCases
{
    public static Action CheckAndCommit()
    {
        var window = new ReplayWindow(ReplayWindow.WidthFramesDefault);
        ulong next = 1;
        return () =>
        {
            var seq = new FrameSeq(next++);
            if (window.Check(seq) != ReplayVerdict.Fresh || window.Commit(seq) != ReplayVerdict.Fresh) throw new InvalidOperationException("not fresh");
        };
    }

    public static Action JumpsAndRefusals()
    {
        var window = new ReplayWindow(ReplayWindow.WidthFramesMax);
        ulong next = 1;
        return () =>
        {
            window.Commit(new FrameSeq(next));
            if (window.Commit(new FrameSeq(next)) != ReplayVerdict.Duplicate) throw new InvalidOperationException("accepted twice");
            next += 100_000;
        };
    }

    public static Action Take()
    {
        var sequencer = new Sequencer(new SenderInstanceId(1), SequencerLimits.Default, default);
        return () => WireCases.Expect(sequencer.Take(54, 54 * 1200, new Instant(1, 1), out _));
    }
}
