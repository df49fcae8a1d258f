using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using FcpFast.Control.Store;
using FcpFast.Protocol.Replay;
using FcpFast.Tests.Support;

namespace FcpFast.Tests;

/// <summary>[REPLAY §5.5], [REPLAY §6.2] (D9): mode M1 needs a witness, goes on with sessions that it vouches for, and with no others.</summary>
public sealed class KeptEndpointTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestFleet _fleet = new("alice", "bob");
    private readonly string _elsewhere = Path.Combine("/dev/shm", $"fcpfast-tests-{Guid.NewGuid():n}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_elsewhere)) Directory.Delete(_elsewhere, recursive: true);
        _fleet.Dispose();
    }

    [Fact]
    public void Options_OfM1_NeedAWitnessAndCeilings()
    {
        FcpEndpointOptions options = FcpEndpointOptions.Edge(_fleet.FolderOf("bob")) with { ReplayMode = ReplayMode.M1 };
        Assert.Contains(options.Faults(), static fault => fault.Contains("needs a witness", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => FcpEndpoint.Open(options));
        Assert.Empty((options with { Witness = "file" }).Faults());
        Assert.NotEmpty((options with { Witness = "file", RelayedReplay = RelayedReplayRule.EpochFence }).Faults());
        Assert.NotEmpty((options with { Witness = "file", ReplayMode = ReplayMode.M0 }).Faults());
    }

    [Fact]
    public void Witness_OnTheFileSystemOfTheState_IsRefusedWithARemedy()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux tells which file system a path lies on.");
        FcpEndpointOptions options = FcpEndpointOptions.Edge(_fleet.FolderOf("bob")) with { ReplayMode = ReplayMode.M1, Witness = Path.Combine(_fleet.Root, "bob.witness") };
        StateStoreException refused = Assert.Throws<StateStoreException>(() => FcpEndpoint.Open(options));
        Assert.Contains("another file system", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--witness", refused.Remedy, StringComparison.Ordinal);
        Assert.False(File.Exists(options.Witness));
    }

    [Theory]
    [InlineData("as it was")]
    [InlineData("state put back")]
    [InlineData("witness lost")]
    [InlineData("mode m0")]
    public async Task Restart_OfAKeptSession_GoesOnOnlyWithWhatTheWitnessVouchesFor(string what)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/dev/shm")) Assert.Skip("A second file system is needed.");
        Directory.CreateDirectory(_elsewhere);
        string folder = _fleet.FolderOf("bob"), copy = Path.Combine(_fleet.Root, "copy");
        FcpEndpoint bob = OpenBob(ReplayMode.M1);
        IPEndPoint address = bob.Address;
        await using FcpEndpoint alice = FcpEndpoint.Open(Options("alice") with { AcceptsSessions = false, Peers = [new FcpPeer(bob.Node, address)] });
        await SendsAsync(alice, "before.bin");
        await WaitForAsync(async () => (await bob.ReadFiguresAsync()).Peers.Single().IsKept);
        await bob.DisposeAsync();
        if (what == "state put back")
        {
            CopyFiles(folder, copy);
            await OpenBob(ReplayMode.M1).DisposeAsync(); // what follows is later than the copy
            foreach (string file in Directory.GetFiles(folder)) File.Delete(file);
            CopyFiles(copy, folder);
        }

        if (what == "witness lost") File.Delete(Path.Combine(_elsewhere, "bob.witness"));
        await using FcpEndpoint next = OpenBob(what == "mode m0" ? ReplayMode.M0 : ReplayMode.M1, address);
        Assert.Equal(what == "as it was" ? 1 : 0, next.SessionsResumed);
        if (what == "state put back")
        {
            var raised = await next.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.StateRolledBack);
            Assert.Contains("replay_state_rolled_back", raised.Alarm.Detail, StringComparison.Ordinal);
        }

        await SendsAsync(alice, "after.bin");
    }

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, File.GetUnixFileMode(from));
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static async Task WaitForAsync(Func<Task<bool>> isReached)
    {
        for (DateTime end = DateTime.UtcNow + Patience; !await isReached(); await Task.Delay(50, Cancellation)) Assert.True(DateTime.UtcNow < end);
    }

    private FcpEndpointOptions Options(string name) => FcpEndpointOptions.Edge(_fleet.FolderOf(name)) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0), ReceiveInto = _fleet.Received,
    };

    private FcpEndpoint OpenBob(ReplayMode mode, IPEndPoint? at = null) => FcpEndpoint.Open(Options("bob") with
    {
        Listen = at ?? new IPEndPoint(IPAddress.Loopback, 0),
        ReplayMode = mode,
        Witness = mode == ReplayMode.M1 ? Path.Combine(_elsewhere, "bob.witness") : null,
    });

    private async Task SendsAsync(FcpEndpoint alice, string name)
    {
        FcpFileSend send = await alice.SendFileAsync(_fleet.WriteFile(name, 300_000), TestFleet.Zone, TestFleet.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
    }
}
