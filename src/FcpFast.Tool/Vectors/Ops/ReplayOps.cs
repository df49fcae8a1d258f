using System.Collections.Generic;
using System.Text;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family replay_window. [REPLAY §2]</summary>
internal static class ReplayOps
{
    public static void Add(Dictionary<string, VectorOp> ops) => ops["replay_window"] = Window;

    /// <summary>Checks, then commits each number in turn, as the receive path does.</summary>
    private static VectorResult Window(VectorInputs inputs)
    {
        var window = new ReplayWindow(inputs.Int("width"), new FrameSeq(inputs.TryULong("fence") ?? 0));
        var accepted = new JsonArray();
        var letters = new StringBuilder();
        foreach (ulong number in inputs.ULongs("seqs"))
        {
            var seq = new FrameSeq(number);
            ReplayVerdict verdict = window.Check(seq);
            if (verdict == ReplayVerdict.Fresh) verdict = window.Commit(seq);
            accepted.Add((JsonNode)(verdict == ReplayVerdict.Fresh));
            letters.Append(Letter(verdict));
        }

        return new VectorResult().Node("accepted", accepted).Text("verdicts", letters.ToString()).Number64("highest", window.Highest.Value);
    }

    private static char Letter(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Fresh => 'a',
        ReplayVerdict.Duplicate => 'd',
        ReplayVerdict.TooOld => 't',
        ReplayVerdict.Zero => 'z',
        _ => '?',
    };
}
