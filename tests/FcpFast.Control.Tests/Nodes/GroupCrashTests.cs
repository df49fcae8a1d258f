using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>
/// [WIRE §14]: a node that dies at any change of its store, in the midst of creating, joining, committing or following, has the epoch before or the one
/// after, with that epoch's manifest and key; and the zone goes on. FCPFAST_GROUP_CRASH_POINTS=10000 is the whole campaign.
/// </summary>
public sealed class GroupCrashTests
{
    private const int ActionsMax = 12;

    private static readonly int Points =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_GROUP_CRASH_POINTS"), CultureInfo.InvariantCulture, out int points) ? points : 40;

    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    [Fact]
    public void Crash_AtAnyChange_LeavesTheOldEpochOrTheNewOne()
    {
        int points = 0, mid = 0;
        for (int seed = 1; points < Points; seed++)
        {
            var random = new Random(seed);
            using var group = new GroupFleet(seed, Names);
            for (int action = 0; action < ActionsMax && points < Points; action++, points++)
            {
                string what = FormattableString.Invariant($"seed {seed}, action {action}");
                try
                {
                    if (CrashOnce(group, random, action)) mid++;
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{what}: {e.Message}", e);
                }
            }
        }

        Assert.True(mid > points / 3, $"{mid} of {points} crashes were in the midst of something");
    }

    /// <summary>
    /// Exactly before and exactly behind the one transaction in which the coordinator creates the group, a commit is made, ordered (one's own and another's), merged,
    /// followed, and in which a node joins or leaves.
    /// </summary>
    [Theory]
    [InlineData("create", "alice", false)]
    [InlineData("create", "alice", true)]
    [InlineData("commit", "bob", false)]
    [InlineData("commit", "bob", true)]
    [InlineData("order its own", "alice", false)]
    [InlineData("order its own", "alice", true)]
    [InlineData("order another's", "alice", false)]
    [InlineData("order another's", "alice", true)]
    [InlineData("merge", "bob", false)]
    [InlineData("merge", "bob", true)]
    [InlineData("follow", "carol", false)]
    [InlineData("follow", "carol", true)]
    [InlineData("join", "dave", false)]
    [InlineData("join", "dave", true)]
    [InlineData("leave", "carol", false)]
    [InlineData("leave", "carol", true)]
    public void Crash_ExactlyAtTheTransaction_LeavesTheEpochBeforeItOrTheOneBehindIt(string moment, string victim, bool isBehind)
    {
        using var group = new GroupFleet(21, Names);
        if (moment != "create") group.Create("bob", "carol");
        ulong? before = group.Fleet[victim].EpochOf(GroupFleet.Zone)?.Value;
        FailingStore? dying = null;
        group.Restart(victim, store => dying = new FailingStore(store) { DiesAt = change => IsMoment(moment, change), FailsAfterWriting = isBehind });
        group.Mesh.Deliver(group.Now);
        switch (moment)
        {
            case "create":
                group.Create("bob", "carol");
                break;
            case "join":
                group.Add("dave");
                break;
            case "leave":
                group.Remove("carol");
                break;
            default:
                group.Mesh[moment == "order its own" ? "alice" : "bob"].Take(HealOrder.Of(GroupFleet.Zone), group.Now);
                group.Settle(2);
                break;
        }

        Assert.True(dying!.HasDied, $"nothing was stored to {moment}");
        group.Restart(victim);
        AssertWhole(group.Fleet[victim]);
        ulong? after = group.Fleet[victim].EpochOf(GroupFleet.Zone)?.Value;
        ulong? expected = (moment, isBehind) switch
        {
            (_, false) or ("commit", true) => before,
            ("create", true) => 1,
            ("join", true) => group.Fleet["alice"].EpochOf(GroupFleet.Zone)!.Value.Value,
            ("leave", true) => null,
            _ => before + 1,
        };
        Assert.Equal(expected, after);
        group.Bring(group.Fleet.Owner.Export([GroupFleet.Zone]));
        group.Settle(70);
        string[] members = [.. group.Fleet.Owner.GrantedTo(GroupFleet.Zone).Select(static node => node.ToString())];
        group.AssertMembers(members);
        Assert.All(Names.Except(members), name => Assert.Null(group.Fleet[name].EpochOf(GroupFleet.Zone)));
    }

    private static bool IsMoment(string moment, StateChange change)
    {
        if (change.Groups is not [{ } group]) return false;
        bool isEpoch = !change.Zones.IsEmpty, writes = group.Record is { IsEmpty: false };
        return moment switch
        {
            "commit" => writes && !isEpoch && !group.Messages.IsEmpty,
            "join" => writes && isEpoch && group.ForgetsOffered,
            "leave" => isEpoch && group.Record is { IsEmpty: true },
            _ => writes && isEpoch,
        };
    }

    private static bool CrashOnce(GroupFleet group, Random random, int action)
    {
        string victim = Names[random.Next(Names.Length)];
        FailingStore? dying = null;
        bool isBehind = random.Next(2) == 0;
        int at = random.Next(6);
        group.Restart(victim, store => dying = new FailingStore(store) { ChangesLeft = at, FailsAfterWriting = isBehind });
        group.Mesh.Deliver(group.Now);
        Act(group, random, action);
        group.Settle(2);
        bool died = dying!.ChangesLeft < 0;
        group.Restart(victim);
        AssertWhole(group.Fleet[victim]);
        group.Bring(group.Fleet.Owner.Export([GroupFleet.Zone])); // a file can be brought again
        group.Settle(70); // by then everything is asked for again
        string[] members = [.. group.Fleet.Owner.GrantedTo(GroupFleet.Zone).Select(static node => node.ToString())];
        group.AssertMembers(members);
        Assert.All(Names.Except(members), name => Assert.Null(group.Fleet[name].EpochOf(GroupFleet.Zone)));
        return died;
    }

    private static void Act(GroupFleet group, Random random, int action)
    {
        IReadOnlyList<NodeId> members = group.Fleet.Owner.GrantedTo(GroupFleet.Zone);
        if (action == 0)
        {
            group.Create("bob", "carol");
            return;
        }

        string chosen = Names[1 + random.Next(Names.Length - 1)];
        bool isMember = members.Contains(TestZone.NodeOf(chosen));
        if (isMember && random.Next(2) == 0) group.Mesh[chosen].Take(HealOrder.Of(GroupFleet.Zone), group.Now);
        else if (isMember) group.Remove(chosen);
        else group.Add(chosen);
    }

    /// <summary>The group's epoch, the manifest in force and the newest key belong together.</summary>
    private static void AssertWhole(NodeState node)
    {
        if (!node.Zones.TryGetValue(GroupFleet.Zone, out NodeZone? zone) || node.EpochOf(GroupFleet.Zone) is not { } epoch) return;
        ZoneKey newest = zone.Ring.ZoneKeys[^1];
        Assert.Equal(epoch, newest.OnlyEpoch);
        Assert.Equal(zone.State.Current!.ZoneKeyId, newest.Id);
        Assert.True(zone.State.Current.HasKeys);
    }
}
