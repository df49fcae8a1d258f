using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>What the content windows look at of a frame or zone-sealed body.</summary>
/// <param name="Seq">Its number in its stream.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="IsDirect">The session peer itself has sealed it.</param>
public readonly record struct ContentFrame(FrameSeq Seq, EpochId Epoch, bool IsDirect);
