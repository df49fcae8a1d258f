using System.Threading;

namespace FcpFast.Transport.Streams;

/// <content>What the other side must have done by when. The port looks at it from time to time.</content>
public sealed partial class StreamConnection
{
    private const long Never = long.MaxValue;

    private long _firstMessageDue = Never;
    private long _proofDue = Never;
    private long _messageDue = Never;
    private long _sendDue = Never;
    private volatile bool _isFinished;

    /// <summary>Ends the connection if the other side is late.</summary>
    internal void CheckTime(long nowTicks)
    {
        if (nowTicks >= Volatile.Read(ref _sendDue)) Close(_isFinished ? StreamCloseReason.ClosedHere : StreamCloseReason.SendTimedOut);
        else if (nowTicks >= Volatile.Read(ref _firstMessageDue)) Close(StreamCloseReason.FirstMessageTimedOut);
        else if (nowTicks >= Volatile.Read(ref _messageDue)) Close(StreamCloseReason.MessageTimedOut);
        else if (nowTicks >= Volatile.Read(ref _proofDue)) Close(StreamCloseReason.ProofTimedOut);
    }

    /// <summary>From the first byte of a message on; later bytes do not prolong it.</summary>
    private void BeginMessageTime()
    {
        if (_messageDue == Never) Volatile.Write(ref _messageDue, _port.NowTicks + _port.Options.MessageTimeout.Ticks);
    }

    private void EndMessageTime() => Volatile.Write(ref _messageDue, Never);

    private void BeginSendTime() => Volatile.Write(ref _sendDue, _port.NowTicks + _port.Options.SendTimeout.Ticks);

    private void EndSendTime() => Volatile.Write(ref _sendDue, Never);
}
