using System.Collections.Generic;
using FcpFast.Node;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Reports;

/// <summary>Counts numbers that were accepted or opened twice, by bit sets of its own that know nothing of windows.</summary>
/// <remarks>
/// Shape:   pages of bits, all made before the clock starts; streams take them as their numbers come. What does not fit them is counted as
///          not judged.
/// Threads: the shard's thread writes; the figures are read at the end.
/// </remarks>
internal sealed class ReplayAudit : IFrameAudit
{
    private const int PageNumbers = 64 * 1024;
    private const int SparePages = 128; // streams begin pages that they do not fill

    private readonly Dictionary<PageKey, ulong[]> _pages = new(4096);
    private readonly Stack<ulong[]> _free = new();
    private readonly PageKey[] _lastKeys = new PageKey[2]; // accepted, opened
    private readonly ulong[]?[] _lastPages = new ulong[]?[2];

    /// <summary>Makes the pages.</summary>
    /// <param name="numbers">How many numbers will be seen, each of them accepted and opened.</param>
    public ReplayAudit(long numbers)
    {
        for (long i = 0; i < (2 * numbers / PageNumbers) + SparePages; i++) _free.Push(new ulong[PageNumbers / 64]);
    }

    /// <summary>Numbers that came through twice: a defect.</summary>
    public long Repeats { get; private set; }

    /// <summary>Numbers that no page had room for.</summary>
    public long NotJudged { get; private set; }

    public void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq) =>
        Mark(0, new PageKey(session, default, instance, seq.Value / PageNumbers), seq);

    public void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq) =>
        Mark(1, new PageKey(default, source, instance, seq.Value / PageNumbers), seq);

    private void Mark(int kind, PageKey key, FrameSeq seq)
    {
        if (_lastPages[kind] is null || _lastKeys[kind] != key)
        {
            if (!_pages.TryGetValue(key, out ulong[]? found) && _free.TryPop(out found)) _pages.Add(key, found);
            _lastKeys[kind] = key;
            _lastPages[kind] = found;
        }

        ulong[]? page = _lastPages[kind];
        if (page is null)
        {
            NotJudged++;
            return;
        }

        int number = (int)(seq.Value % PageNumbers);
        ulong bit = 1ul << (number % 64);
        if ((page[number / 64] & bit) != 0) Repeats++;
        page[number / 64] |= bit;
    }

    private readonly record struct PageKey(SessionId Session, NodeId Source, SenderInstanceId Instance, ulong Page);
}
