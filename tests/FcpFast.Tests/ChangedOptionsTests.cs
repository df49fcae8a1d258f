using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Store;
using FcpFast.Files;
using FcpFast.Interop.Kernels;
using FcpFast.Node;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Tests.Support;
using FcpFast.Transport.Udp;
using Microsoft.Data.Sqlite;

namespace FcpFast.Tests;

/// <summary>A running endpoint goes on with other peers; whoever stays notices nothing.</summary>
public sealed class ChangedOptionsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestFleet _fleet = new("alice", "bob", "carol");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task Follow_OfPeersThatComeAndLeave_LeavesTheOthersSessionAndTransferAlone()
    {
        await using FcpEndpoint bob = Open("bob"), carol = Open("carol"), alice = Open("alice", bob);
        await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        FcpPeerFigures before = await FiguresAsync(alice, "bob");
        FcpFileSend send = await alice.SendFileAsync(_fleet.WriteFile("large.bin", 48 * 1024 * 1024), TestFleet.Zone, bob.Node);

        FcpFollowed came = await alice.FollowAsync(alice.Options with { Peers = [PeerOf(bob), PeerOf(carol)] });
        Assert.Equal([carol.Node], came.Added);
        Assert.Empty(came.Moved.Concat(came.Left));
        await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready && link.Peer == TestFleet.Id("carol"));

        FcpFollowed left = await alice.FollowAsync(alice.Options with { Peers = [PeerOf(bob)] });
        Assert.Equal([carol.Node], left.Left);
        await carol.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Down);
        Assert.Equal((LinkState.Down, false), ((await FiguresAsync(alice, "carol")).State, (await FiguresAsync(alice, "carol")).ConnectsTo));

        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        FcpPeerFigures after = await FiguresAsync(alice, "bob");
        Assert.NotNull(before.Session);
        Assert.Equal(before.Session, after.Session);
        Assert.True(after.Traffic.FramesSent > before.Traffic.FramesSent, "the counters went on");
        Assert.True(after.SessionAgeSeconds > before.SessionAgeSeconds, "the session went on");
    }

    [Fact]
    public async Task Follow_OfAnAddressThatMoved_EndsTheSessionAndMakesItThere()
    {
        await using FcpEndpoint bob = Open("bob"), alice = Open("alice");
        await alice.FollowAsync(alice.Options with { Peers = [new FcpPeer(bob.Node, new IPEndPoint(IPAddress.Loopback, 1))] }); // nobody is there
        FcpFollowed moved = await alice.FollowAsync(alice.Options with { Peers = [PeerOf(bob)] });
        Assert.Equal([bob.Node], moved.Moved);
        await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        SessionId? first = (await FiguresAsync(alice, "bob")).Session;
        Assert.False((await alice.FollowAsync(alice.Options)).IsChange);
        Assert.Equal(first, (await FiguresAsync(alice, "bob")).Session);
    }

    [Fact]
    public async Task Follow_OfAPeerThatHasOpenedItsSessionItself_KeepsTheSession()
    {
        await using FcpEndpoint bob = Open("bob"), alice = Open("alice", bob);
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        SessionId? session = (await FiguresAsync(bob, "alice")).Session;
        Assert.Equal([alice.Node], (await bob.FollowAsync(bob.Options with { Peers = [PeerOf(alice)] })).Added);
        FcpFileSend send = await bob.SendFileAsync(_fleet.WriteFile("back.bin", 3_000_000), TestFleet.Zone, alice.Node);
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        FcpPeerFigures after = await FiguresAsync(bob, "alice");
        Assert.Equal((session, true, LinkState.Ready), (after.Session, after.ConnectsTo, after.State));
    }

    [Fact]
    public async Task Follow_WithoutANodeThatNobodyAttested_ForgetsIt()
    {
        await using FcpEndpoint alice = Open("alice");
        var stranger = new FcpPeer(TestFleet.Id("stranger"), new IPEndPoint(IPAddress.Loopback, 1));
        await alice.FollowAsync(alice.Options with { Peers = [stranger] });
        Assert.Contains((await alice.ReadFiguresAsync()).Peers, peer => peer.Node == stranger.Node);
        await alice.FollowAsync(alice.Options with { Peers = [] });
        Assert.DoesNotContain((await alice.ReadFiguresAsync()).Peers, peer => peer.Node == stranger.Node);
    }

    [Fact]
    public async Task Follow_OfFaultyOptions_ListsTheFaultsAndChangesNothing()
    {
        await using FcpEndpoint bob = Open("bob"), alice = Open("alice", bob);
        await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        SessionId? session = (await FiguresAsync(alice, "bob")).Session;
        FcpEndpointOptions twice = alice.Options with { Peers = [PeerOf(bob), PeerOf(bob)], WindowFrames = 1 };
        ArgumentException thrown = await Assert.ThrowsAsync<ArgumentException>(() => alice.FollowAsync(twice));
        Assert.Contains("Peers", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("WindowFrames", thrown.Message, StringComparison.Ordinal);
        RelayRoute[] nowhere = [new(TestFleet.Zone, bob.Node, [TestFleet.Id("nobody")])];
        await Assert.ThrowsAsync<ArgumentException>(() => alice.FollowAsync(alice.Options with { Peers = [], Routes = nowhere }));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.FollowAsync(alice.Options with { Peers = [new FcpPeer(alice.Node, bob.Address)] }));
        Assert.Equal(session, (await FiguresAsync(alice, "bob")).Session);
        Assert.Equal([PeerOf(bob)], alice.Options.Peers);
    }

    [Fact]
    public async Task Follow_OfWhatARunningEndpointCannotChange_NamesIt()
    {
        await using FcpEndpoint alice = Open("alice");
        FcpFollowed followed = await alice.FollowAsync(alice.Options with { WindowFrames = 128, Engine = EngineChoice.Libsodium });
        Assert.Equal(["Engine", "WindowFrames"], followed.NeedRestart);
        Assert.False(followed.IsChange);
        Assert.NotEqual(128, alice.Options.WindowFrames);
    }

    [Fact]
    public void FixedDifferences_OfEveryOption_NamesAllButThoseThatAreFollowed()
    {
        FcpEndpointOptions one = FcpEndpointOptions.Gateway("a"), other = new()
        {
            StateFolder = "b", StateKey = new StoreKeySource.Passphrase([1]), IsArchive = true, Listen = new IPEndPoint(IPAddress.Loopback, 1), AcceptsSessions = false,
            Peers = [new FcpPeer(TestFleet.Id("bob"), new IPEndPoint(IPAddress.Loopback, 1))], ReceiveInto = "in", ReceiveObjects = new FcpObjectOptions(), Overwrites = true, FileBytesMax = 1, Offload = OffloadChoice.Off,
            Engine = EngineChoice.Wide, Suites = [MacSuite.Blake3], DatagramBytesMax = 1400, WindowFrames = 64, RelayedReplay = RelayedReplayRule.EpochFence,
            ReplayMode = ReplayMode.M1, Witness = "w",
            HostGenerationFile = "g", Shards = 2, AssemblyBytes = 1024 * 1024, Source = new FileSourceOptions(Slots: 1), SessionsMax = 1, SubkeysMax = 16, SocketBufferBytes = 1,
            Admission = AdmissionLimits.Default with { BytesPerMinute = 1 }, RekeyAfter = SequencerLimits.Default with { SoftTicks = 1 },
            Routes = [new RelayRoute(TestFleet.Zone, TestFleet.Id("bob"), [TestFleet.Id("carol")])], RelayBytesPerSecondMax = 1,
        };
        string[] followedOrOfCode = [nameof(one.Peers), nameof(one.Routes), nameof(one.Time), nameof(one.Audit)];
        IEnumerable<string> expected = typeof(FcpEndpointOptions).GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name).Except(followedOrOfCode);
        Assert.Equal(expected.Order(StringComparer.Ordinal), one.FixedDifferences(other).Order(StringComparer.Ordinal));
        Assert.Empty(other.FixedDifferences(other with { StateKey = new StoreKeySource.Passphrase([1]) }));
    }

    [Fact]
    public async Task Drain_WithAFileComingIn_WaitsForItAndBeginsNoOther()
    {
        await using FcpEndpoint bob = Open("bob"), alice = Open("alice", bob);
        Assert.Empty((await bob.ReadFiguresAsync()).NotReady);
        FcpFileSend first = await alice.SendFileAsync(_fleet.WriteFile("first.bin", 24 * 1024 * 1024), TestFleet.Zone, bob.Node);
        await bob.NextAsync<FcpEndpointEvent.FileOpened>(Patience, static _ => true);
        Task drain = bob.DrainAsync(Cancellation);
        FcpFileSend second = await alice.SendFileAsync(_fleet.WriteFile("second.bin", 1000), TestFleet.Zone, bob.Node);
        await drain.WaitAsync(Patience, Cancellation);
        Assert.Equal(["it is being drained"], (await bob.ReadFiguresAsync()).NotReady);
        Assert.True(await first.Completion.WaitAsync(Patience, Cancellation), first.FailureDetail); // and its sender was told
        await bob.DisposeAsync();
        Assert.False(second.Completion.IsCompleted);
        Assert.Equal(["first.bin"], Directory.GetFileSystemEntries(_fleet.Received).Select(static path => Path.GetFileName(path)!));
    }

    [Fact]
    public async Task Readiness_OnceAnotherProcessHasTheStore_IsGoneThoughFramesGoOn()
    {
        await using FcpEndpoint bob = Open("bob"), alice = Open("alice", bob);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_fleet.FolderOf("bob"), "state.db")};Mode=ReadWrite;Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE store SET generation = generation + 1";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await alice.SendFileAsync(_fleet.WriteFile("any.bin", 1000), TestFleet.Zone, bob.Node); // its stream is to become durable at bob
        IReadOnlyList<string> reasons;
        for (DateTime end = DateTime.UtcNow + Patience; (reasons = (await bob.ReadFiguresAsync()).NotReady).Count == 0; await Task.Delay(20, Cancellation)) Assert.True(DateTime.UtcNow < end, "still ready");
        Assert.StartsWith("the replay store: ", Assert.Single(reasons), StringComparison.Ordinal);
    }

    private static FcpPeer PeerOf(FcpEndpoint endpoint) => new(endpoint.Node, endpoint.Address);

    private static async Task<FcpPeerFigures> FiguresAsync(FcpEndpoint endpoint, string peer) =>
        (await endpoint.ReadFiguresAsync()).Peers.Single(figures => figures.Node == TestFleet.Id(peer));

    private FcpEndpoint Open(string name, FcpEndpoint? connectsTo = null) => FcpEndpoint.Open(FcpEndpointOptions.Edge(_fleet.FolderOf(name)) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AcceptsSessions = name != "alice",
        ReceiveInto = _fleet.Received,
        Peers = connectsTo is null ? [] : [PeerOf(connectsTo)],
    });
}
