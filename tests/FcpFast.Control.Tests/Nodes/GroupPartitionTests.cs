using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>
/// [WIRE §14]: a running network that falls apart and comes together, or whose coordinator misbehaves, ends in one history or with an alarm and no key that
/// only a part uses. FCPFAST_GROUP_PARTITIONS=1000 makes that many courses.
/// </summary>
public sealed class GroupPartitionTests
{
    private static readonly int Courses =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_GROUP_PARTITIONS"), CultureInfo.InvariantCulture, out int courses) ? courses : 6;

    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];
    private static readonly ZoneId Zone = OwnedFleet.Zone;

    [Fact]
    public void Partitions_AtRandom_WithLostMessages_EndInOneHistory()
    {
        for (int seed = 1; seed <= Courses; seed++)
        {
            try
            {
                RunCourse(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    [Fact]
    public void Halves_ThatBothCommit_TheLoserRebasesAndBothHealingsCount()
    {
        using var group = new GroupFleet(31, Names);
        group.Create("bob", "carol", "dave");
        group.Mesh.Connect("carol", "dave", group.Now);
        foreach (string name in (string[])["carol", "dave"]) group.Mesh.Disconnect("alice", name);
        ulong before = EpochOf(group, "alice");
        group.Mesh["bob"].Take(HealOrder.Of(Zone), group.Now);
        group.Mesh["carol"].Take(HealOrder.Of(Zone), group.Now);
        group.Settle(20);
        Assert.Equal((before + 1, before), (EpochOf(group, "bob"), EpochOf(group, "dave"))); // nobody orders where the coordinator is not
        group.AssertAgree("alice", "bob");
        foreach (string name in (string[])["carol", "dave"]) group.Mesh.Connect("alice", name, group.Now);
        group.Settle(20);
        group.AssertMembers(Names);
        Assert.Equal(before + 2, EpochOf(group, "alice")); // carol's commit of the old epoch was made again in the new one
    }

    [Fact]
    public void Coordinator_WhoseDiskWasPutBack_OrdersTwiceAndEverybodySeesIt()
    {
        using var group = new GroupFleet(32, Names);
        group.Create("bob", "carol", "dave");
        group.Mesh.Connect("bob", "carol", group.Now); // what each half has will meet here
        foreach (string name in (string[])["carol", "dave"]) group.Mesh.Disconnect("alice", name);
        group.Mesh.Disconnect("bob", "carol");
        string folder = group.Fleet.FolderOf("alice"), copy = folder + "-before";
        group.Restart("alice"); // so that everything is in its file
        Copy(folder, copy);
        ulong before = EpochOf(group, "alice");
        group.Mesh["bob"].Take(HealOrder.Of(Zone), group.Now);
        group.Settle();
        group.AssertAgree("alice", "bob");

        group.Mesh.Disconnect("alice", "bob");
        group.Fleet["alice"].Dispose();
        Copy(copy, folder);
        group.Restart("alice");
        foreach (string name in (string[])["carol", "dave"]) group.Mesh.Connect("alice", name, group.Now);
        group.Mesh["carol"].Take(HealOrder.Of(Zone), group.Now);
        group.Settle();
        group.AssertAgree("alice", "carol", "dave");
        Assert.Equal((before + 1, before + 1), (EpochOf(group, "bob"), EpochOf(group, "carol")));
        Assert.NotEqual(group.ActiveKey("bob"), group.ActiveKey("carol")); // the group is split, and no part can know yet

        group.Mesh.Connect("bob", "carol", group.Now);
        group.Settle(70);
        foreach (string name in Names)
        {
            Assert.Contains(group.Mesh.AlarmsOf(name), static alarm => alarm.Kind == NodeAlarmKind.Equivocation);
            ulong sealing = group.Fleet[name].Zones[Zone].Ring.Active?.OnlyEpoch?.Value ?? 0;
            Assert.True(sealing <= before, $"{name} seals with a key of the split");
        }
    }

    [Fact]
    public void Coordinator_ThatHoldsBackReordersAndReplays_OnlyDelays()
    {
        using var group = new GroupFleet(33, Names);
        group.Create("bob", "carol", "dave");
        var random = new Random(33);
        var held = new List<(NodeId From, NodeId To, ReadOnlyMemory<byte> Payload)>();
        NodeId alice = TestZone.NodeOf("alice");
        ulong before = EpochOf(group, "alice");
        group.Mesh.Passes = (from, to, payload) =>
        {
            if (from != alice) return true;
            held.Add((from, to, payload.ToArray()));
            return false;
        };
        foreach (string healer in (string[])["bob", "alice", "carol", "bob"])
        {
            group.Mesh[healer].Take(HealOrder.Of(Zone), group.Now);
            group.Settle();
        }

        Assert.Equal(before, EpochOf(group, "dave"));
        Assert.True(EpochOf(group, "alice") > before);
        (NodeId From, NodeId To, ReadOnlyMemory<byte> Payload)[] shuffled = [.. held];
        random.Shuffle(shuffled);
        Deliver(group, shuffled);
        group.Mesh.Passes = static (_, _, _) => true;
        group.Settle(70);
        group.AssertMembers(Names);
        ulong reached = EpochOf(group, "alice");
        byte[] key = group.ActiveKey("dave");
        for (int again = 0; again < 3; again++) // old orders, once and again
        {
            random.Shuffle(shuffled);
            Deliver(group, shuffled);
            group.Settle(2);
        }

        Assert.All(Names, name => Assert.Equal(reached, EpochOf(group, name)));
        Assert.Equal(key, group.ActiveKey("dave"));
        group.AssertMembers(Names);
        Assert.All(Names, name => Assert.DoesNotContain(group.Mesh.AlarmsOf(name), static alarm => alarm.Kind == NodeAlarmKind.Equivocation));
    }

    private static void RunCourse(int seed)
    {
        using var group = new GroupFleet(seed, Names);
        group.Create("bob", "carol");
        var random = new Random(seed);
        for (int i = 1; i < Names.Length; i++)
        {
            for (int other = i + 1; other < Names.Length; other++) group.Mesh.Connect(Names[i], Names[other], group.Now);
        }

        for (int round = 0; round < 4; round++)
        {
            bool[] left = [.. Names.Select(_ => random.Next(2) == 0)];
            bool IsLeft(NodeId node) => left[Array.IndexOf(Names, node.ToString())];
            group.Mesh.Passes = (from, to, _) => IsLeft(from) == IsLeft(to) && random.Next(10) > 0;
            for (int action = 0; action < 3; action++)
            {
                string[] members = [.. group.Fleet.Owner.GrantedTo(Zone).Select(static node => node.ToString())];
                string chosen = Names[1 + random.Next(Names.Length - 1)];
                if (!members.Contains(chosen)) group.Add(chosen);
                else if (random.Next(4) == 0) group.Remove(chosen);
                else group.Mesh[members[random.Next(members.Length)]].Take(HealOrder.Of(Zone), group.Now);
                for (int second = 0; second < 3; second++)
                {
                    group.Settle(1);
                    AssertNoSplit(group);
                }
            }
        }

        group.Mesh.Passes = static (_, _, _) => true;
        group.Bring(group.Fleet.Owner.Export([Zone]));
        group.Settle(140); // by then everything is asked for again
        string[] expected = [.. group.Fleet.Owner.GrantedTo(Zone).Select(static node => node.ToString())];
        foreach (string name in expected.Where(name => group.Fleet[name].EpochOf(Zone) is null))
        {
            // A removal went first while this one could not be reached: its leave has lapsed, and the owner was told.
            Assert.Contains(group.Mesh.AlarmsOf("alice"), alarm => alarm.Kind == NodeAlarmKind.GrantWaits && alarm.Detail.Contains(name, StringComparison.Ordinal));
            group.Add(name);
            group.Settle(20);
        }

        group.AssertMembers(expected);
        Assert.All(Names.Except(expected), name => Assert.Null(group.Fleet[name].EpochOf(Zone)));
    }

    /// <summary>Who is in the same epoch has the same key of it.</summary>
    private static void AssertNoSplit(GroupFleet group)
    {
        var keys = new Dictionary<EpochId, ZoneKeyId>();
        foreach (string name in Names)
        {
            if (group.Fleet[name].EpochOf(Zone) is not { } epoch || !group.Fleet[name].Zones.TryGetValue(Zone, out NodeZone? held)) continue;
            ZoneKey newest = held.Ring.ZoneKeys[^1];
            Assert.Equal(epoch, newest.OnlyEpoch);
            if (!keys.TryAdd(epoch, newest.Id)) Assert.Equal(keys[epoch], newest.Id);
        }
    }

    private static ulong EpochOf(GroupFleet group, string name) => group.Fleet[name].EpochOf(Zone)!.Value.Value;

    private static void Deliver(GroupFleet group, IEnumerable<(NodeId From, NodeId To, ReadOnlyMemory<byte> Payload)> messages)
    {
        foreach ((NodeId from, NodeId to, ReadOnlyMemory<byte> payload) in messages) group.Mesh[to.ToString()].Receive(from, payload, group.Now);
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to)) Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(static file => Path.GetFileName(file) != "lock")) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
