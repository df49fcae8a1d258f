using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>Where datagrams to a peer go, and how an address becomes that place: by a probe that comes back from it, never by its frames alone.</summary>
/// <remarks>
/// Shape:   one address in use, one that was in use before, and at most one candidate. Nothing but probes and echoes goes to a candidate, and
///          of those at most three times the bytes that came from it: a frame that somebody sends again from a victim's address moves nothing.
/// Threads: the shard's thread.
/// Source:  [WIRE §8] (return path, probe).
/// </remarks>
internal sealed class LinkPath
{
    private const int AmplificationMax = 3;
    private const int CandidateProbesMax = 8;
    private const int UnansweredMax = 4;
    private const long LongAgo = long.MinValue / 2;

    private readonly ProbeLedger _probes = new();
    private readonly ProbeLedger _candidateProbesSent = new();
    private NetAddress _configured;
    private NetAddress _fallback;
    private NetAddress _candidate;
    private long _candidateAllowanceBytes;
    private int _candidateProbes;
    private long _candidateProbedTicks;
    private long _movedTicks;
    private long _probedTicks;
    private long _heardTicks;
    private int _unanswered;

    /// <summary>Starts at the configured address; unspecified if there is none.</summary>
    public LinkPath(NetAddress configured)
    {
        _configured = configured;
        Restart();
    }

    /// <summary>Where datagrams go; unspecified before any address has proven itself and none is configured.</summary>
    public NetAddress Address { get; private set; }

    /// <summary>True once a probe has come back from <see cref="Address"/>: data may go there.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>When a probe is due next.</summary>
    public long NextTicks => long.Min(AddressProbeTicks, CandidateProbeTicks);

    private long AddressProbeTicks
    {
        get
        {
            if (!Address.IsSpecified) return long.MaxValue;
            long pause = long.Min(LinkRules.ProbeRepeatTicks << int.Min(_unanswered / UnansweredMax, 5), LinkRules.ProbeRepeatTicksMax);
            return IsConfirmed && _unanswered == 0 ? long.Max(_heardTicks, _probedTicks) + LinkRules.ProbeSilenceTicks : _probedTicks + pause;
        }
    }

    private long CandidateProbeTicks => _candidate.IsSpecified && _candidateAllowanceBytes >= ProbeDatagram.Bytes
        ? _candidateProbedTicks + LinkRules.ProbeRepeatTicks
        : long.MaxValue;

    /// <summary>Has another configured address from the next start on, and to fall back to; unspecified if there is none.</summary>
    public void Configure(NetAddress configured) => _configured = configured;

    /// <summary>Starts anew: the session is another, and what was proven on the one before does not count.</summary>
    public void Restart()
    {
        Address = _configured;
        IsConfirmed = false;
        _fallback = default;
        _candidate = default;
        _candidateProbesSent.Clear();
        _movedTicks = LongAgo;
        _probes.Clear();
        _probedTicks = LongAgo;
        _heardTicks = LongAgo;
        _unanswered = 0;
    }

    /// <summary>Frames of the peer have verified.</summary>
    /// <param name="from">Where they came from.</param>
    /// <param name="bytes">Bytes of their datagrams.</param>
    /// <param name="isNewest">True if one of them has the highest number of its lane: then it is not an old one sent again.</param>
    /// <param name="now">The time.</param>
    public void Hear(NetAddress from, int bytes, bool isNewest, Instant now)
    {
        if (from == Address)
        {
            _heardTicks = now.Ticks;
            return;
        }

        if (from == _candidate)
        {
            _candidateAllowanceBytes += AmplificationMax * (long)bytes;
            return;
        }

        if (!isNewest || now.Ticks - _movedTicks < LinkRules.MoveTicks) return;
        _movedTicks = now.Ticks;
        _candidate = from;
        _candidateAllowanceBytes = AmplificationMax * (long)bytes;
        _candidateProbes = 0;
        _candidateProbesSent.Clear();
        _candidateProbedTicks = LongAgo;
    }

    /// <summary>Asks whether an echo may go to an address: to a candidate it counts among the bytes that may be sent there.</summary>
    public bool TrySpend(NetAddress to, int bytes)
    {
        if (to != _candidate || !to.IsSpecified) return true; // no more than came from there
        if (_candidateAllowanceBytes < bytes) return false;
        _candidateAllowanceBytes -= bytes;
        return true;
    }

    /// <summary>Takes the next probe that is due.</summary>
    /// <param name="id">Drawn at random for it.</param>
    /// <param name="now">The time.</param>
    /// <param name="to">Where it goes.</param>
    public bool TryProbe(ObjectId id, Instant now, out NetAddress to)
    {
        if (now.Ticks >= CandidateProbeTicks)
        {
            to = _candidate;
            ProbeCandidate(id, now);
            return true;
        }

        to = Address;
        if (now.Ticks < AddressProbeTicks) return false;
        if (_unanswered > 0 && _unanswered % UnansweredMax == 0) FallBack();
        to = Address;
        _probes.Add(id, now.Ticks);
        _probedTicks = now.Ticks;
        _unanswered++;
        return true;
    }

    /// <summary>A probe has come back; true if it proves the address in use, be it the one before or a new one.</summary>
    /// <param name="from">Where from.</param>
    /// <param name="id">Its id.</param>
    /// <param name="now">The time.</param>
    /// <param name="sentTicks">When it was sent, if it proves the address.</param>
    public bool Answer(NetAddress from, ObjectId id, Instant now, out long sentTicks)
    {
        sentTicks = 0;
        if (_candidate.IsSpecified && from == _candidate && _candidateProbesSent.TryTake(id, out sentTicks))
        {
            _fallback = Address;
            Address = from;
            _candidate = default;
            _candidateProbesSent.Clear();
            _probes.Clear();
        }
        else if (from != Address || !_probes.TryTake(id, out sentTicks))
        {
            return false;
        }

        IsConfirmed = true;
        _unanswered = 0;
        _heardTicks = now.Ticks;
        return true;
    }

    private void ProbeCandidate(ObjectId id, Instant now)
    {
        _candidateProbesSent.Add(id, now.Ticks);
        _candidateProbedTicks = now.Ticks;
        _candidateAllowanceBytes -= ProbeDatagram.Bytes;
        _candidateProbes++;
        if (_candidateProbes > CandidateProbesMax) _candidate = default; // its last probe may be on its way; it proves nothing any more
    }

    /// <summary>Nothing comes back from the address in use: the one before gets its turn, else the configured one.</summary>
    private void FallBack()
    {
        NetAddress other = _fallback.IsSpecified ? _fallback : _configured;
        if (!other.IsSpecified || other == Address) return;
        _fallback = Address;
        Address = other;
        IsConfirmed = false;
        _probes.Clear();
    }
}
