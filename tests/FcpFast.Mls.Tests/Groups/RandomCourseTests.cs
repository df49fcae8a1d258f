using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Tests.Support;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>Random courses: whoever is in agrees, whoever is out is out, and concurrent commits end in one epoch.</summary>
public sealed class RandomCourseTests
{
    [Fact]
    public void Course_OfRandomCommits_EveryoneAgreesAfterEach() => Seeded.Run(4, static random =>
    {
        using var fleet = new Fleet(random.Next());
        int made = 1;
        var groups = new List<MlsGroup> { MlsGroup.Create(fleet.Client("client 0"), Fleet.GroupId)! };
        for (int step = 0; step < 40; step++)
        {
            var newcomers = new List<MlsClient>();
            for (int i = random.Next(3); i > 0; i--) newcomers.Add(fleet.Client($"client {made++}"));
            Step(random, groups, newcomers);
            Fleet.AssertAgree(groups);
        }

        foreach (MlsGroup group in groups) group.Dispose();
        Assert.Equal(0, fleet.LiveSecrets);
    });

    private static void Step(Random random, List<MlsGroup> groups, List<MlsClient> newcomers)
    {
        foreach (MlsGroup proposer in groups.Where(_ => random.Next(6) == 0).ToList())
        {
            Fleet.Accepted(proposer.ProposeUpdate(out byte[] proposal));
            foreach (MlsGroup group in groups)
            {
                if (group != proposer) Fleet.Accepted(group.Receive(proposal));
            }
        }

        // Two members commit in one epoch; the first is ordered, and the other's is given up by itself when it follows.
        MlsGroup winner = groups[random.Next(groups.Count)], loser = groups[random.Next(groups.Count)];
        uint[] leaving = [.. groups.Where(g => g != winner && random.Next(8) == 0).Select(static g => g.OwnLeaf)];
        MlsKeyPackage[] packages = [.. newcomers.Select(static client => MlsKeyPackage.Generate(client, Fleet.Lifetime))];
        Fleet.Commit(winner, new MlsCommitPlan
        {
            Add = [.. packages.Select(static package => package.Message)],
            Remove = leaving,
            OmitsPath = random.Next(2) == 0,
            IsPublic = random.Next(2) == 0,
        });
        if (loser != winner) Fleet.Commit(loser);
        byte[] commit = winner.Pending!.Message.ToArray(), welcome = winner.Pending!.Welcome.ToArray();
        foreach (MlsGroup group in groups.ToList())
        {
            if (leaving.Contains(group.OwnLeaf))
            {
                Assert.Equal(MlsStatus.Removed, group.Process(commit).Status);
                groups.Remove(group);
            }
            else
            {
                Fleet.Accepted(group.Process(commit));
                Assert.Null(group.Pending);
            }
        }

        for (int i = 0; i < packages.Length; i++)
        {
            Fleet.Accepted(MlsGroup.Join(newcomers[i], packages[i], welcome, default, null, null, out MlsGroup? joined));
            packages[i].Dispose();
            groups.Add(joined!);
        }
    }
}
