using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Batch;

/// <summary>What is known of one datagram of a batch.</summary>
/// <remarks>Shape: the frame's bytes stay in the slab at <see cref="FrameOffset"/>; the datagram's header there is spent once MACs are computed.</remarks>
public struct FrameSlot
{
    /// <summary>Where the frame starts in the slab.</summary>
    public int FrameOffset { get; internal set; }

    /// <summary>Bytes of the frame.</summary>
    public int FrameBytes { get; internal set; }

    /// <summary><c>Accepted</c> while nothing is against it, else the refusal.</summary>
    public FcpStatus Status { get; internal set; }

    /// <summary>Its number.</summary>
    public FrameSeq Seq { get; internal set; }

    /// <summary>Its sealing stream.</summary>
    public SenderInstanceId Instance { get; internal set; }

    /// <summary>The session that it claims, once found; proven when <see cref="Status"/> is accepted after verification.</summary>
    public PeerSession? Session { get; internal set; }

    /// <summary>Its lane, once committed.</summary>
    public Lane? Lane { get; internal set; }

    /// <summary>True if its session and header are those of the last frame before it whose header was accepted, but for the number.</summary>
    internal bool Follows { get; set; }

    /// <summary>True if the frame is a probe, which is echoed and goes no further.</summary>
    public bool IsProbe { get; internal set; }

    /// <summary>True if the frame is of a zone that this node only passes on.</summary>
    public bool IsPassedOn { get; set; }

    /// <summary>True once its symbols are open and its number is committed in its content window.</summary>
    public bool IsOpened { get; internal set; }

    /// <summary>The frame was copied to other memory, where it waits.</summary>
    public void HoldAt(int frameOffset) => FrameOffset = frameOffset;

    /// <summary>What a frame was refused for may have changed: it is tried again.</summary>
    /// <param name="awaited">What it was refused for.</param>
    public void Resume(FcpStatus awaited)
    {
        bool canCome = awaited is FcpStatus.UnknownSource or FcpStatus.ReplayNotDurable;
        Invariant.Require(canCome && Status == awaited, "only a frame that lacks its source or its record waits");
        Status = FcpStatus.Accepted;
    }
}
