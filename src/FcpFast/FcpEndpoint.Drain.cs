using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast;

/// <summary>How an endpoint comes to rest before it is closed.</summary>
public sealed partial class FcpEndpoint
{
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarewellLook = TimeSpan.FromMilliseconds(10);

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
        await OnShardsAsync(static shard =>
        {
            shard.IsDraining = true;
            shard.Core.Drain();
            shard.CheckDrained();
            return true;
        }).WaitAsync(cancellation).ConfigureAwait(false);
        await Task.WhenAll(_shards.Select(static shard => shard.Drained.Task)).WaitAsync(cancellation).ConfigureAwait(false);
        long since = Options.Time.GetTimestamp();
        while (!await HaveFinishedAsync().ConfigureAwait(false) && Options.Time.GetElapsedTime(since) < FarewellMax)
        {
            await Task.Delay(FarewellLook, cancellation).ConfigureAwait(false); // the last statuses are on their way
        }
    }

    private async Task<bool> HaveFinishedAsync() => (await OnShardsAsync(static shard => shard.Streams.Finish()).ConfigureAwait(false)).All(static hasFinished => hasFinished);
}
