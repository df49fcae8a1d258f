using System;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Transport.Udp;

namespace FcpFast;

/// <summary>What is asked of the shard's thread, and what its end means.</summary>
public sealed partial class FcpEndpoint
{
    /// <summary>Reads all counts between two turns of the endpoint's thread.</summary>
    /// <remarks>Errors: <see cref="ObjectDisposedException"/>; what broke the endpoint, if it is broken.</remarks>
    public Task<FcpEndpointFigures> ReadFiguresAsync() => OnShardAsync(() =>
    {
        UdpPort udp = _host.Udp;
        return new FcpEndpointFigures
        {
            FramesSent = _core.FramesSent,
            FramesReceived = _core.FramesAccepted,
            FramesOpened = _core.FramesOpened,
            FramesPassedOn = _core.FramesPassedOn,
            FramesForwarded = _core.ForwardCounters.Snapshot(),
            Rekeys = _core.Rekeys,
            DatagramsSent = udp.Counters[UdpCount.DatagramsSent],
            DatagramsReceived = udp.Counters[UdpCount.DatagramsReceived],
            DatagramsVerified = _core.DatagramsVerified,
            SystemDrops = udp.SystemDrops,
            HasWaiting = udp.HasWaiting,
            FramesDropped = _core.Counters.Snapshot(),
            ControlRefused = _core.ControlCounters.Snapshot(),
            Sessions = _core.SessionCount,
            SessionsResumed = _core.SessionsResumed,
            AssemblyBytes = _core.AssemblyBytes,
            Peers = _core.DescribePeers(),
            Zones = _core.DescribeZones(),
        };
    });

    /// <summary>Runs a function on the shard's thread; its exceptions are the caller's.</summary>
    private async Task<T> OnShardAsync<T>(Func<T> function)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Post(() =>
        {
            try
            {
                result.SetResult(function());
            }
#pragma warning disable CA1031 // handed to the caller; the shard goes on
            catch (Exception e)
            {
                result.SetException(e);
            }
#pragma warning restore CA1031
        });
        await Task.WhenAny(result.Task, _host.Ended).ConfigureAwait(false);
        if (result.Task.IsCompleted) return await result.Task.ConfigureAwait(false);
        await _host.Ended.ConfigureAwait(false);
        throw new ObjectDisposedException(nameof(FcpEndpoint));
    }

    /// <summary>If the shard breaks, whoever waits for events or for a file learns why.</summary>
    private async Task TellBreakAsync()
    {
        await _host.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host.Ended.Exception?.InnerException is not { } cause) return;
        _events.Writer.TryComplete(cause);
        foreach (FcpFileSend send in _sends.Values) send.CompletionSource.TrySetException(cause);
    }
}
