using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Reports;

/// <summary>Says, once a name, which refusals point to something that a person must put right; the others are only counted.</summary>
/// <remarks>Shape: looks at the counters once a second, and once more at the end.</remarks>
internal sealed class RefusalTeller : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly HashSet<FcpStatus> _told = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly FcpEndpoint _endpoint;
    private readonly ToolStreams _streams;
    private readonly Task _looking;

    public RefusalTeller(FcpEndpoint endpoint, ToolStreams streams)
    {
        _endpoint = endpoint;
        _streams = streams;
        _looking = LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a broken endpoint tells its reason elsewhere
        _stopping.Dispose();
    }

    /// <summary>What each of them means, and what to do; the operators' README lists them too.</summary>
    internal static IReadOnlyDictionary<FcpStatus, string> Meanings { get; } = new Dictionary<FcpStatus, string>
    {
        [FcpStatus.UnknownZoneKey] = "a peer seals under a zone key that this node does not have: bring the zone's newest manifest into both state folders",
        [FcpStatus.ZoneIdMismatch] = "a peer speaks in a zone that this node has no keys of: bring that zone's manifest into the state folder, or let the peer name another zone",
        [FcpStatus.NotMember] = "a peer is no member of the zone by this node's manifest: the owner must add it and distribute the manifest",
        [FcpStatus.UnknownSource] = "a peer is no member of the zone by this node's manifest: the owner must add it and distribute the manifest",
        [FcpStatus.SuiteBelowFloor] = "a peer offers a weaker suite than the zone's profile demands: let it offer suite 2",
        [FcpStatus.NoMutualSuite] = "a peer offers no suite that this node takes: see --suite on both sides",
        [FcpStatus.EpochOutOfRange] = "a peer's epoch is not of this time: compare the clocks",
        [FcpStatus.EpochErased] = "a peer seals in an epoch whose keys are erased: compare the clocks",
        [FcpStatus.TimestampSkew] = "a peer's clock differs too much from this one: set both",
        [FcpStatus.InvalidAttestation] = "a peer has no valid attestation in this state folder: bring its newest one",
        [FcpStatus.AttestationExpired] = "a peer's attestation has expired: the owner must make a new one, for both state folders",
        [FcpStatus.AttestationNodeMismatch] = "a peer has no attestation in this state folder under its name: bring it",
        [FcpStatus.AttestationVerifyFailed] = "a peer's attestation is not signed by this node's owner: bring the right one",
        [FcpStatus.InvalidSignature] = "something was not made with the attested or agreed keys: a peer made anew needs a new attestation here; if it goes on, somebody forges",
        [FcpStatus.AeadDecryptFailed] = "something sealed did not open: it was changed on the way, or the keys differ",
        [FcpStatus.DecryptFailed] = "something sealed did not open: the zone keys differ",
        [FcpStatus.WrongRecipient] = "a peer means another node than this one: check its --to",
        [FcpStatus.AuthFailureBudgetExceeded] = "too much that did not verify came from one address: its handshakes wait",
    };

    private async Task LookAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            FcpEndpointFigures figures = await _endpoint.ReadFiguresAsync();
            await TellAsync(figures.FramesDropped.Keys);
            await TellAsync(figures.ControlRefused.Keys);
        }
    }

    private async Task TellAsync(IEnumerable<FcpStatus> refusals)
    {
        foreach (FcpStatus refusal in refusals)
        {
            if (!Meanings.TryGetValue(refusal, out string? meaning) || !_told.Add(refusal)) continue;
            await _streams.SayAsync($"fcpfast: refused: {FcpStatusNames.NameOf(refusal)} ({FcpStatusNames.CodeOf(refusal)}): {meaning}");
        }
    }
}
