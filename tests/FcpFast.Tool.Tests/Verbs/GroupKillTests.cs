using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.State;
using FcpFast.Tool.Demo;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>
/// [WIRE §14]: a member, or the coordinator, is killed in the midst of a commit, and what lies on its disk is the epoch before or the one after; started again,
/// the zone goes on. FCPFAST_GROUP_KILLS=200 is a campaign.
/// </summary>
public sealed class GroupKillTests
{
    private const int DelayMillisecondsMax = 400; // from the order to the last member's change, and a little more

    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_GROUP_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(7); // a ring that is full of keys that still open lets healing wait
    private static readonly string[] Names = ["alice", "bob", "carol"];

    [Fact]
    public async Task Kill_OfAMemberOrTheCoordinatorInTheMidstOfACommit_LeavesOneEpochAndTheZoneGoesOn()
    {
        using var temporary = new TemporaryFolder();
        using DemoFleet fleet = DemoFleet.CreateGroup(temporary.Path, "alice", "bob", ["carol"], [], (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        int seed = Environment.GetEnvironmentVariable("FCPFAST_GROUP_KILLS") is null ? 7 : Environment.TickCount;
        var random = new Random(seed);
        var nodes = new Dictionary<string, RunningTool>();
        try
        {
            foreach (string name in (string[])["bob", "carol"]) nodes[name] = StartMember(temporary.Path, name);
            await StartCoordinatorAsync(temporary.Path, nodes);
            Inbox.Put(FolderOf(temporary.Path, "alice"), [fleet.Add("carol")]);
            await AgreeAsync(temporary.Path, null, $"seed {seed}: carol is added");
            for (int round = 0; round < Kills; round++)
            {
                string healer = Names[random.Next(3)], victim = Names[random.Next(3)];
                int delay = random.Next(DelayMillisecondsMax);
                string what = $"seed {seed}, round {round}: {healer} heals, {victim} is killed after {delay} ms";
                Inbox.Put(FolderOf(temporary.Path, healer), [fleet.Heal()]);
                await Task.Delay(delay, TestContext.Current.CancellationToken); // the moment is drawn, nothing is waited for
                nodes[victim].Kill();
                await nodes[victim].DisposeAsync();
                AssertWhole(FolderOf(temporary.Path, victim), what);
                if (victim == "alice")
                {
                    await StartCoordinatorAsync(temporary.Path, nodes);
                }
                else
                {
                    nodes[victim] = StartMember(temporary.Path, victim);
                    await nodes["alice"].DisposeAsync(); // the member's address is another now
                    AssertWhole(FolderOf(temporary.Path, "alice"), what);
                    await StartCoordinatorAsync(temporary.Path, nodes);
                }

                ZoneKeyId before = KeyOf(FolderOf(temporary.Path, "alice"));
                Inbox.Put(FolderOf(temporary.Path, "bob"), [fleet.Heal()]);
                await AgreeAsync(temporary.Path, before, what);
            }
        }
        finally
        {
            foreach (RunningTool node in nodes.Values) await node.DisposeAsync();
        }

        foreach (string name in Names) AssertWhole(FolderOf(temporary.Path, name), $"seed {seed}: {name} at the end");
    }

    private static string FolderOf(string root, string name) => Path.Combine(root, name);

    private static RunningTool StartMember(string root, string name) =>
        RunningTool.Start("receive", "--state", FolderOf(root, name), "--listen", "127.0.0.1:0", "--into", root, "--attended");

    /// <summary>The coordinator connects to the others.</summary>
    private static async Task StartCoordinatorAsync(string root, Dictionary<string, RunningTool> nodes)
    {
        string bob = await nodes["bob"].ListensAtAsync(), carol = await nodes["carol"].ListensAtAsync();
        nodes["alice"] = RunningTool.Start(
            "relay", "--state", FolderOf(root, "alice"), "--listen", "127.0.0.1:0", "--peer", $"bob={bob}", "--peer", $"carol={carol}",
            "--route", $"{DemoFleet.Zone}=bob>carol", "--attended");
        await nodes["alice"].ListensAtAsync();
    }

    /// <summary>Waits until all have the manifest of one epoch, a later one than that of a key.</summary>
    private static async Task AgreeAsync(string root, ZoneKeyId? before, string what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            (ZoneKeyId Key, int Members)[] seen = [.. Names.Select(name => (KeyOf(FolderOf(root, name)), MembersOf(FolderOf(root, name))))];
            if (seen.Distinct().Count() == 1 && seen[0].Key != before && seen[0].Members == Names.Length) return;
            Assert.False(patience.IsCancellationRequested, $"{what}: {string.Join(", ", seen)}");
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private static ZoneKeyId KeyOf(string folder) => Look(folder, static zone => zone.State.Current!.ZoneKeyId);

    private static int MembersOf(string folder) => Look(folder, static zone => zone.State.Members.Length);

    private static T Look<T>(string folder, Func<StoredZone, T> read)
    {
        using StateStore store = StateStore.OpenPublic(folder, LibsodiumGate.Open());
        using StoredState state = store.Load();
        return read(state.Zones.Single());
    }

    /// <summary>What a killed process left: its group's epoch, the manifest in force and the newest key belong together.</summary>
    private static void AssertWhole(string folder, string what)
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        using NodeState node = NodeState.Open(StateStore.Open(folder, new StoreKeySource.KeyFile(), crypto), crypto);
        NodeZone zone = node.Zones.Values.Single();
        if (node.EpochOf(zone.State.Zone) is not { } epoch) return; // not yet added
        ZoneKey newest = zone.Ring.ZoneKeys[^1];
        Assert.True(newest.OnlyEpoch == epoch && zone.State.Current!.ZoneKeyId == newest.Id, $"{what}: epoch {epoch}, key {newest.Id} of {newest.OnlyEpoch}, manifest of {zone.State.Current!.ZoneKeyId}");
    }
}
