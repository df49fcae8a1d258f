using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
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
        IReadOnlyList<FcpZoneFigures> zones = _core.DescribeZones();
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
            Zones = zones,
            NotReady = ReasonsAgainst(zones),
        };
    });

    /// <summary>Why this endpoint is not ready; its sockets are bound as long as it runs.</summary>
    private List<string> ReasonsAgainst(IReadOnlyList<FcpZoneFigures> zones)
    {
        var reasons = new List<string>();
        if (_isDraining) reasons.Add("it is being drained");
        if (_replay.Fault is { } fault) reasons.Add($"the replay store: {fault.Message}");
        FcpStatus standing = _directory.Find(Node)?.Judge(_host.Now.UnixSeconds) ?? FcpStatus.InvalidAttestation;
        if (standing != FcpStatus.Accepted) reasons.Add($"its own attestation: {FcpStatusNames.NameOf(standing)}");
        foreach (FcpZoneFigures zone in zones)
        {
            if (zone.ActiveKey is null && zone.Members > 0) reasons.Add($"zone {zone.Zone}: no key of it seals now");
        }

        return reasons;
    }

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
