using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Tests.Support;

namespace FcpFast.Tests;

/// <summary>[WIRE §14]: running nodes of an MLS zone turn its epochs under load.</summary>
public sealed class GroupFollowTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly ZoneId Zone = TestFleet.ZoneOf("z:group");

    private readonly OwnedPair _pair = new("alice", "bob");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task AddHealRemove_DuringATransfer_LoseNoFrameAndTheRemovedGetsNoKey()
    {
        _pair.MakeNode("carol");
        await using FcpEndpoint alice = Open("alice");
        await using FcpEndpoint bob = Open("bob", alice);
        await using FcpEndpoint carol = Open("carol", alice);
        Create("bob");
        await alice.TakeAsync(_pair.Owner.Export());
        await KeyAsync(bob, static changed => changed.IsMember);
        string file = _pair.WriteFile("large.bin", 24 * 1024 * 1024);
        FcpFileSend send = await alice.SendFileAsync(file, Zone, OwnedPair.Id("bob"));
        var keys = new HashSet<ZoneKeyId>();

        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Add(Zone, OwnedPair.Id("carol"), false, Now, out ControlRecord add));
        await alice.TakeAsync([add]);
        keys.Add(await KeyAsync(carol, static changed => changed.IsMember));
        send = await GoOnAsync(alice, send, file);

        Assert.Equal(FcpStatus.Accepted, await bob.HealAsync(Zone));
        ZoneKeyId healed = await KeyAsync(carol, changed => !keys.Contains(changed.ZoneKey!.Value));
        keys.Add(healed);
        send = await GoOnAsync(alice, send, file);

        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Remove(Zone, OwnedPair.Id("carol"), Now, out ControlRecord removal));
        await alice.TakeAsync([removal]);
        ZoneKeyId after = await KeyAsync(carol, static changed => !changed.IsMember);
        Assert.DoesNotContain(after, keys);
        await KeyAsync(bob, changed => changed.ZoneKey == after);
        send = await GoOnAsync(alice, send, file);
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), await File.ReadAllBytesAsync(Path.Combine(_pair.Received, "large.bin"), Cancellation));
        Assert.False(alice.IsMember(Zone, OwnedPair.Id("carol")));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.SendFileAsync(file, Zone, OwnedPair.Id("carol")));
        Dictionary<FcpStatus, long> dropped = new((await bob.ReadFiguresAsync()).FramesDropped);
        foreach (FcpStatus reason in (FcpStatus[])[FcpStatus.UnknownZoneKey, FcpStatus.DecryptFailed, FcpStatus.UnknownSource, FcpStatus.EpochOutOfRange])
        {
            Assert.False(dropped.ContainsKey(reason), $"{reason}: {dropped.GetValueOrDefault(reason)} frames");
        }
    }

    [Fact]
    public async Task Restart_OfBothNodes_GoesOnInTheSameEpoch()
    {
        Create("bob");
        ZoneKeyId key;
        await using (FcpEndpoint alice = Open("alice"))
        {
            await using FcpEndpoint bob = Open("bob", alice);
            await alice.TakeAsync(_pair.Owner.Export());
            key = await KeyAsync(bob, static changed => changed.IsMember);
        }

        await using FcpEndpoint again = Open("alice");
        await using FcpEndpoint other = Open("bob", again);
        Assert.Contains(Zone, other.Zones);
        FcpFileSend send = await again.SendFileAsync(_pair.WriteFile("small.bin", 100_000), Zone, OwnedPair.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        Assert.Equal(FcpStatus.Accepted, await other.HealAsync(Zone));
        Assert.NotEqual(key, await KeyAsync(again, changed => changed.ZoneKey != key));
        Assert.Equal(FcpStatus.NotMember, await other.HealAsync(OwnedPair.Zone)); // no MLS zone
    }

    [Fact]
    public async Task Open_WithTheEpochFence_IsRefusedForAnMlsZone()
    {
        Create("bob");
        await using (FcpEndpoint alice = Open("alice")) await alice.TakeAsync(_pair.Owner.Export());
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Open("alice", null, RelayedReplayRule.EpochFence));
        Assert.Contains($"{Zone} is an MLS zone", refused.Message, StringComparison.Ordinal);
        await using FcpEndpoint opened = Open("alice"); // the refusal has let the state folder go
        await using FcpEndpoint bob = Open("bob", opened, RelayedReplayRule.EpochFence); // it hears of the zone later
        FcpEndpointEvent.AlarmRaised alarm = await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Zone == Zone);
        Assert.Contains("EpochFence", alarm.Alarm.Detail, StringComparison.Ordinal);
        Assert.Empty((await bob.ReadFiguresAsync()).FramesDropped);
    }

    /// <summary>The transfer still runs, or another one follows it at once: there is load all the time.</summary>
    private static async Task<FcpFileSend> GoOnAsync(FcpEndpoint alice, FcpFileSend send, string file)
    {
        if (!send.Completion.IsCompleted) return send;
        Assert.True(await send.Completion, send.FailureDetail);
        return await alice.SendFileAsync(file, Zone, OwnedPair.Id("bob"));
    }

    private static async Task<ZoneKeyId> KeyAsync(FcpEndpoint endpoint, Func<FcpEndpointEvent.ZoneChanged, bool> fits) =>
        (await endpoint.NextAsync<FcpEndpointEvent.ZoneChanged>(Patience, changed => changed.Zone == Zone && changed.ZoneKey is not null && fits(changed))).ZoneKey!.Value;

    private void Create(params string[] members)
    {
        var terms = new SecurityTerms(KeyMode.MlsTreeKem, true, 3600, MacSuite.Blake3, false);
        Assert.Equal(FcpStatus.Accepted, _pair.Owner.CreateGroupZone(Zone, OwnedPair.Id("alice"), [.. members.Select(OwnedPair.Id)], terms, Now, out _));
    }

    private FcpEndpoint Open(string name, FcpEndpoint? connectsTo = null, RelayedReplayRule rule = RelayedReplayRule.Ceilings) => FcpEndpoint.Open(
        FcpEndpointOptions.Edge(_pair.FolderOf(name)) with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            AcceptsSessions = connectsTo is null,
            ReceiveInto = _pair.Received,
            Overwrites = true,
            RelayedReplay = rule,
            Peers = connectsTo is null ? [] : [new FcpPeer(connectsTo.Node, connectsTo.Address)],
        });
}
