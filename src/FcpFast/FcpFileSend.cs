using System;
using System.Threading.Tasks;
using FcpFast.Protocol.Objects;

namespace FcpFast;

/// <summary>A file or object that is being sent.</summary>
/// <remarks>Threads: any; the figures are as of a moment ago.</remarks>
public sealed class FcpFileSend
{
    private readonly Action<FcpFileSend> _cancel;

    internal FcpFileSend(OutgoingFile file, Action<FcpFileSend> cancel)
    {
        File = file;
        _cancel = cancel;
    }

    /// <summary>Its size.</summary>
    public ulong SizeBytes => File.Shape.SizeBytes;

    /// <summary>Bytes that the receiver has verified and written.</summary>
    public ulong CompleteBytes => File.CompleteBytes;

    /// <summary>True once the receiver has answered.</summary>
    public bool IsAnswered => File.HeardTicks != 0;

    /// <summary>Ends when the receiver has the whole file, durable under its name (true), or refused it (false, see <see cref="FailureDetail"/>); canceled if it was given up.</summary>
    public Task<bool> Completion => CompletionSource.Task;

    /// <summary>Why it failed, in words.</summary>
    public string? FailureDetail => File.FailureDetail;

    /// <summary>Gives it up, if it has not ended; <see cref="Completion"/> is canceled once nothing reads the content any more.</summary>
    public void Cancel() => _cancel(this);

    internal OutgoingFile File { get; }

    internal TaskCompletionSource<bool> CompletionSource { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
