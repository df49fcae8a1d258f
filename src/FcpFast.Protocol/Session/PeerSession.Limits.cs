using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Session;

/// <summary>How much of a session's life is used up.</summary>
/// <remarks>Source: [WIRE §8], [REPLAY §4.5].</remarks>
public sealed partial class PeerSession
{
    private readonly SequencerLimits _limits;
    private ulong _framesSent;
    private ulong _framesReceived;
    private ulong _bytesSent;
    private ulong _bytesReceived;

    /// <summary>True once a hard limit is reached: nothing more is sent on it, a fresh handshake is the one way on.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>What it has carried so far.</summary>
    public SessionTraffic Traffic => new(_framesSent, _framesReceived, _bytesSent, _bytesReceived);

    /// <summary>Counts frames that were sealed for this session; relayed ones too.</summary>
    /// <param name="frames">How many.</param>
    /// <param name="bytes">Their bytes, envelopes left out.</param>
    public void CountSent(int frames, long bytes)
    {
        _framesSent += (ulong)frames;
        _bytesSent += (ulong)bytes;
        IsSpent |= _framesSent >= _limits.HardFrames || _bytesSent >= _limits.HardBytes;
    }

    /// <summary>Counts frames that verified on this session.</summary>
    public void CountReceived(int frames, long bytes)
    {
        _framesReceived += (ulong)frames;
        _bytesReceived += (ulong)bytes;
    }

    /// <summary>Looks at the age alone: at the hard limit nothing more is sent, whatever handshake is under way.</summary>
    public void NoteAge(Instant now) => IsSpent |= now.Ticks - CreatedTicks >= _limits.HardTicks;

    /// <summary>True once a soft limit is reached, in either direction: a successor is wanted, and this session goes on until it is up.</summary>
    public bool WantsSuccessor(Instant now)
    {
        NoteAge(now);
        return IsSpent || now.Ticks - CreatedTicks >= _limits.SoftTicks
            || Math.Max(_framesSent, _framesReceived) >= _limits.SoftFrames
            || Math.Max(_bytesSent, _bytesReceived) >= _limits.SoftBytes
            || ControlSent.Value >= SequencerLimits.HardSeq / 2
            || (Lanes.IsCrowded && now.Ticks - CreatedTicks >= SessionRules.CrowdedTicks);
    }

    /// <summary>When the age alone will want a successor.</summary>
    public long SuccessorDueTicks => After(_limits.SoftTicks);

    /// <summary>When the age alone will spend the session.</summary>
    public long SpentTicks => After(_limits.HardTicks);

    private long After(long ticks) => ticks > long.MaxValue - CreatedTicks ? long.MaxValue : CreatedTicks + ticks;
}
