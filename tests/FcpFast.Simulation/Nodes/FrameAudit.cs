using System;
using System.Collections.Generic;
using FcpFast.Node;
using FcpFast.Protocol.Ids;

namespace FcpFast.Simulation.Nodes;

/// <summary>Remembers every number that was accepted or opened at a machine, over all its processes, and counts those that came twice.</summary>
/// <remarks>Shape: growing bit sets that know nothing of windows.</remarks>
public sealed class FrameAudit : IFrameAudit
{
    private readonly Dictionary<(SessionId, SenderInstanceId), BitSet> _accepted = [];
    private readonly Dictionary<(NodeId, SenderInstanceId), BitSet> _opened = [];

    /// <summary>Frames accepted.</summary>
    public long AcceptedCount { get; private set; }

    /// <summary>Frames opened.</summary>
    public long OpenedCount { get; private set; }

    /// <summary>Numbers that were accepted or opened a second time: a defect.</summary>
    public long Repeats { get; private set; }

    /// <summary>Streams of which frames were opened.</summary>
    public int StreamCount => _opened.Count;

    /// <summary>True if the number was accepted in that session.</summary>
    public bool HasAccepted(SessionId session, SenderInstanceId instance, FrameSeq seq) =>
        _accepted.TryGetValue((session, instance), out BitSet? bits) && bits.Contains(seq.Value);

    /// <inheritdoc/>
    public void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq)
    {
        AcceptedCount++;
        Mark(_accepted, (session, instance), seq);
    }

    /// <inheritdoc/>
    public void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq)
    {
        OpenedCount++;
        Mark(_opened, (source, instance), seq);
    }

    private void Mark<TKey>(Dictionary<TKey, BitSet> streams, TKey stream, FrameSeq seq)
        where TKey : notnull
    {
        if (!streams.TryGetValue(stream, out BitSet? bits)) streams[stream] = bits = new BitSet();
        if (!bits.Add(seq.Value)) Repeats++;
    }

    private sealed class BitSet
    {
        private const int WordsMax = 1 << 20;

        private ulong[] _words = new ulong[16];

        public bool Contains(ulong number) => number / 64 < (ulong)_words.Length && (_words[number / 64] & (1ul << (int)(number % 64))) != 0;

        /// <summary>False if the number was there.</summary>
        public bool Add(ulong number)
        {
            if (Contains(number)) return false;
            if (number / 64 >= WordsMax) throw new InvalidOperationException($"the audit has no room for the number {number}");
            while (number / 64 >= (ulong)_words.Length) Array.Resize(ref _words, 2 * _words.Length);
            _words[number / 64] |= 1ul << (int)(number % 64);
            return true;
        }
    }
}
