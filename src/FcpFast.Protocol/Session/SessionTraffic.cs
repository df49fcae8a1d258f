namespace FcpFast.Protocol.Session;

/// <summary>What one session, or several together, have carried.</summary>
/// <param name="FramesSent">Frames sealed for it or passed on to it.</param>
/// <param name="FramesReceived">Frames that verified on it and were fresh.</param>
/// <param name="BytesSent">Bytes of the frames sent, envelopes left out.</param>
/// <param name="BytesReceived">Bytes of the frames received, envelopes left out.</param>
public readonly record struct SessionTraffic(ulong FramesSent, ulong FramesReceived, ulong BytesSent, ulong BytesReceived)
{
    /// <summary>Both together.</summary>
    public static SessionTraffic operator +(SessionTraffic left, SessionTraffic right) => left.Add(right);

    /// <summary>Both together.</summary>
    public SessionTraffic Add(SessionTraffic other) => new(
        FramesSent + other.FramesSent, FramesReceived + other.FramesReceived, BytesSent + other.BytesSent, BytesReceived + other.BytesReceived);
}
