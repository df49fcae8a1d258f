using System;
using System.Collections.Generic;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Tests.Groups;

/// <summary>[WIRE §14]: grants and messages as they travel.</summary>
public sealed class GroupRecordsTests
{
    [Fact]
    public void Grant_WithAnyBitChanged_IsMalformedOrNotTheOwners()
    {
        using var zone = new GroupZone();
        MembershipGrant grant = zone.Grant(MembershipAction.Add, TestZone.NodeOf("node-5"), 7);
        Assert.Equal(FcpStatus.Accepted, MembershipGrant.Parse(grant.Encoded.Span, out MembershipGrant? parsed));
        Assert.Equal((zone.Zone, MembershipAction.Add, grant.Node, 7UL), (parsed!.Zone, parsed.Action, parsed.Node, parsed.Serial));
        Assert.True(parsed.IsOf(zone.Owner.PublicKey, zone.Crypto.Signatures));
        int unsigned = 0;
        foreach ((_, byte[] flipped) in TestZone.Flips(grant.Encoded.ToArray()))
        {
            if (MembershipGrant.Parse(flipped, out MembershipGrant? changed) != FcpStatus.Accepted) continue;
            if (!changed!.IsOf(zone.Owner.PublicKey, zone.Crypto.Signatures)) continue;
            Assert.Equal((parsed.Zone, parsed.Action, parsed.Node, parsed.Serial), (changed.Zone, changed.Action, changed.Node, changed.Serial));
            unsigned++;
        }

        Assert.InRange(unsigned, 1, 8 * 40); // the signer's name and time, which decide nothing
    }

    [Fact]
    public void Message_OfEveryKind_IsReadBack()
    {
        var zone = TestZone.ZoneOf("z:secret");
        var ids = new HashSet<string>();
        foreach (GroupMessageKind kind in Enum.GetValues<GroupMessageKind>())
        {
            if (kind == GroupMessageKind.Unset) continue;
            GroupMessage message = GroupMessage.Of(zone, 3, kind, [1, 2, 3]);
            Assert.Equal(FcpStatus.Accepted, GroupMessage.Parse(message.Encoded.Span, zone, out GroupMessage? read));
            Assert.Equal((kind, 3UL, message.Id), (read!.Kind, read.Epoch, read.Id));
            Assert.Equal([1, 2, 3], read.Message.ToArray());
            Assert.True(ids.Add(message.Id.ToString()));
            Assert.Equal(FcpStatus.ZoneIdMismatch, GroupMessage.Parse(message.Encoded.Span, TestZone.ZoneOf("z:other"), out _));
            Assert.Equal(FcpStatus.CborDeserialize, GroupMessage.Parse(message.Encoded.Span[..^1], zone, out _));
        }
    }

    [Fact]
    public void Calls_WithNothingNamed_AreRefused()
    {
        using var zone = new GroupZone();
        Assert.Throws<ArgumentException>(() => GroupMessage.Of(zone.Zone, 1, GroupMessageKind.Unset, []));
        Assert.Throws<ArgumentException>(() => GroupMessage.Of(default, 1, GroupMessageKind.Commit, []));
        Assert.Throws<ArgumentException>(() => zone.Grant(MembershipAction.Unset, GroupZone.Signer));
        using OwnerKey owner = OwnerKey.Generate(zone.Crypto);
        Assert.Throws<ArgumentException>(() => MembershipGrant.Issue(default, MembershipAction.Add, GroupZone.Signer, 1, owner, GroupZone.Signer, 1));
    }
}
