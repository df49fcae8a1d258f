using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Tests.Support;
using Microsoft.Data.Sqlite;

namespace FcpFast.Tests;

/// <summary>[REPLAY §5.4], [REPLAY §5.5]: a running node that was copied, or whose disk was put back, goes on as another one, with nothing of before.</summary>
public sealed class TwinTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly OwnedPair _pair = new("alice", "bob");
    private readonly Sessions _sessions = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("generation")]
    [InlineData("clock")]
    public async Task Clone_OfARunningNode_EndsItsSessionsRaisesTheAlarmAndGoesOnInNewOnes(string sign)
    {
        string generation = Path.Combine(_pair.Root, "generation");
        await File.WriteAllTextAsync(generation, "first", Cancellation);
        var clock = new SteppedClock();
        await using FcpEndpoint bob = Open("bob", options => options with { HostGenerationFile = generation, Time = clock, Audit = _sessions });
        await using FcpEndpoint alice = Open("alice", options => Towards(options, bob));
        await SendsAsync(alice, "before.bin");
        SessionId[] before = _sessions.Seen;
        if (sign == "clock") clock.Step = TimeSpan.FromSeconds(60);
        else await File.WriteAllTextAsync(generation, "second", Cancellation);
        await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.HostCloneSuspected);
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Down);
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        await SendsAsync(alice, "after.bin");
        Assert.NotEmpty(_sessions.Seen.Except(before)); // what came after came by a session of its own
    }

    [Fact]
    public async Task Clone_ThatCannotHaveANumberOfItsOwn_StaysMute()
    {
        string generation = Path.Combine(_pair.Root, "generation");
        await File.WriteAllTextAsync(generation, "first", Cancellation);
        await using FcpEndpoint bob = Open("bob", options => options with { HostGenerationFile = generation });
        await using FcpEndpoint alice = Open("alice", options => Towards(options, bob));
        await SendsAsync(alice, "before.bin");
        Run("bob", "CREATE TRIGGER broken BEFORE UPDATE ON store BEGIN SELECT RAISE(ABORT, 'as the test wants it'); END");
        await File.WriteAllTextAsync(generation, "second", Cancellation);
        await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.StoreFailed);
        await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.StoreFailed); // it tries again
        Assert.Equal(LinkState.Down, await StateAsync(bob));
        Run("bob", "DROP TRIGGER broken");
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        await SendsAsync(alice, "after.bin");
    }

    [Fact]
    public async Task Disk_PutBack_IsToldByAWitnessAndTheNodeStillMakesThingsDurable()
    {
        string folder = _pair.FolderOf("bob"), copy = Path.Combine(_pair.Root, "copy");
        CopyFiles(folder, copy);
        ControlRecord witness;
        using (NodeState state = NodeState.Open(StateStore.Open(folder, new StoreKeySource.KeyFile(), LibsodiumGate.Open()), LibsodiumGate.Open()))
        {
            for (int start = 0; start < 5; start++) state.Begin(new StartMark((ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), "", ""));
            witness = ControlRecord.Of(RecordKind.Generation, state.Statement!.Encoded.Span);
        }

        foreach (string file in Directory.GetFiles(folder)) File.Delete(file);
        CopyFiles(copy, folder);
        await using FcpEndpoint bob = Open("bob", static options => options);
        await using FcpEndpoint alice = Open("alice", options => Towards(options, bob));
        await SendsAsync(alice, "before.bin");
        await bob.TakeAsync([witness]);
        await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.StateRolledBack);
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        await SendsAsync(alice, "after.bin"); // its stream is new, and opens only once its record is durable
    }

    /// <summary>Changes the store of a node behind its back.</summary>
    private void Run(string node, string sql)
    {
        using var other = new SqliteConnection($"Data Source={Path.Combine(_pair.FolderOf(node), "state.db")};Pooling=False");
        other.Open();
        using SqliteCommand command = other.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, File.GetUnixFileMode(from));
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>The state of bob's only link, as his events of a moment ago have it.</summary>
    private static async Task<LinkState> StateAsync(FcpEndpoint bob)
    {
        await bob.ReadFiguresAsync(); // what was posted before has been done
        LinkState state = LinkState.Down;
        while (bob.Events.TryRead(out FcpEndpointEvent? happened))
        {
            if (happened is FcpEndpointEvent.LinkChanged changed) state = changed.State;
        }

        return state;
    }

    private async Task SendsAsync(FcpEndpoint alice, string name)
    {
        FcpFileSend send = await alice.SendFileAsync(_pair.WriteFile(name, 300_000), OwnedPair.Zone, OwnedPair.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
    }

    private FcpEndpoint Open(string name, Func<FcpEndpointOptions, FcpEndpointOptions> change) => FcpEndpoint.Open(change(FcpEndpointOptions.Edge(_pair.FolderOf(name)) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        ReceiveInto = _pair.Received,
    }));

    private static FcpEndpointOptions Towards(FcpEndpointOptions options, FcpEndpoint peer) =>
        options with { AcceptsSessions = false, Peers = [new FcpPeer(peer.Node, peer.Address)] };

    /// <summary>The system's clocks, of which the wall clock can be set.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _stepTicks;

        public TimeSpan Step
        {
            set => Volatile.Write(ref _stepTicks, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _stepTicks));
    }

    private sealed class Sessions : IFrameAudit
    {
        private readonly HashSet<SessionId> _seen = [];

        public SessionId[] Seen
        {
            get
            {
                lock (_seen) return [.. _seen];
            }
        }

        public void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq)
        {
            lock (_seen) _seen.Add(session);
        }

        public void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq)
        {
        }
    }
}
