using System.Collections.Generic;
using FcpFast.Node;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Reports;

/// <summary>Counts numbers that were accepted or opened twice, by bit sets of its own that know nothing of windows.</summary>
/// <remarks>
/// Shape:   a fixed number of bit sets of a fixed size, made before the clock starts; what does not fit them is counted as not judged.
/// Threads: the shard's thread writes; the figures are read at the end.
/// </remarks>
internal sealed class ReplayAudit : IFrameAudit
{
    private const int StreamsMax = 16;

    private readonly Dictionary<(SessionId, SenderInstanceId), ulong[]> _accepted = [];
    private readonly Dictionary<(NodeId, SenderInstanceId), ulong[]> _opened = [];
    private readonly Stack<ulong[]> _free = new();

    public ReplayAudit(long numbersPerStream)
    {
        for (int i = 0; i < StreamsMax; i++) _free.Push(new ulong[(numbersPerStream / 64) + 1]);
    }

    /// <summary>Numbers that came through twice: a defect.</summary>
    public long Repeats { get; private set; }

    /// <summary>Numbers that no bit set had room for.</summary>
    public long NotJudged { get; private set; }

    public void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq) => Mark(_accepted, (session, instance), seq);

    public void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq) => Mark(_opened, (source, instance), seq);

    private void Mark<TKey>(Dictionary<TKey, ulong[]> streams, TKey stream, FrameSeq seq)
        where TKey : notnull
    {
        if (!streams.TryGetValue(stream, out ulong[]? bits) && _free.TryPop(out bits)) streams.Add(stream, bits);
        ulong word = seq.Value / 64, bit = 1ul << (int)(seq.Value % 64);
        if (bits is null || word >= (ulong)bits.Length)
        {
            NotJudged++;
            return;
        }

        if ((bits[word] & bit) != 0) Repeats++;
        bits[word] |= bit;
    }
}
