using System;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast;

/// <summary>How an endpoint comes to rest before it is closed.</summary>
public sealed partial class FcpEndpoint
{
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarewellLook = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDraining; // the shard's

    /// <summary>
    /// Takes no more files, in either direction, and waits until those under way have arrived or were refused; then control connections are ended
    /// behind what waits in them.
    /// </summary>
    /// <remarks>
    /// Shape:   a file from a node that cannot be reached now is not waited for: it goes on after the next start, as does one that is announced meanwhile.
    /// Errors:  <see cref="OperationCanceledException"/>; what broke the endpoint, if it broke. It stays drained.
    /// </remarks>
    public async Task DrainAsync(CancellationToken cancellation = default)
    {
        await OnShardAsync(() =>
        {
            _isDraining = true;
            _core.Drain();
            CheckDrained();
            return true;
        }).WaitAsync(cancellation).ConfigureAwait(false);
        await _drained.Task.WaitAsync(cancellation).ConfigureAwait(false);
        long since = Options.Time.GetTimestamp();
        while (!await OnShardAsync(_streams.Finish).ConfigureAwait(false) && Options.Time.GetElapsedTime(since) < FarewellMax)
        {
            await Task.Delay(FarewellLook, cancellation).ConfigureAwait(false); // the last statuses are on their way
        }
    }

    /// <summary>Ends the wait once nothing is under way; the shard's thread, whenever a file ends or a link changes.</summary>
    private void CheckDrained()
    {
        if (_isDraining && _sends.Count == 0 && _core.IncomingCount == 0) _drained.TrySetResult();
    }
}
