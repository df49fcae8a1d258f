using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
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
