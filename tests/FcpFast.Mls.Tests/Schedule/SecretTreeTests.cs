using System.Collections.Generic;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tests.Support;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Schedule;

/// <summary>[RFC 9420 §9]: each key is given out once, and nothing that leads to it stays.</summary>
public sealed class SecretTreeTests
{
    private const uint AheadMax = 10;

    [Fact]
    public void RatchetOf_EveryLeaf_LeavesNoNodeSecretAndErasesTheRoot()
    {
        var suite = new TestSuite();
        SecretKey root = suite.Crypto.Draw();
        byte[] rootBytes = TestSuite.BytesOf(root);
        using var tree = new SecretTree(suite.Crypto, root, 8);
        tree.RatchetOf(5, ContentType.Application);
        Assert.False(suite.Vault.Holds(rootBytes));
        Assert.DoesNotContain(10u, tree.Nodes.Keys);
        for (uint leaf = 0; leaf < 8; leaf++) tree.RatchetOf(leaf, ContentType.Commit);
        Assert.Empty(tree.Nodes);
    }

    [Fact]
    public void Take_OutOfOrder_GivesTheKeysThatNextGives()
    {
        var suite = new TestSuite();
        SecretKey secret = suite.Crypto.Draw();
        using var sender = new SenderRatchet(suite.Crypto, suite.Vault.Import(TestSuite.BytesOf(secret)), 0);
        using var receiver = new SenderRatchet(suite.Crypto, secret, 0);
        var sent = new List<byte[]>();
        for (int i = 0; i < 6; i++)
        {
            using SecretKey key = sender.Next(out uint generation);
            Assert.Equal((uint)i, generation);
            sent.Add(TestSuite.BytesOf(key));
        }

        foreach (uint generation in (uint[])[3, 1, 0, 5, 2, 4])
        {
            Assert.Equal(MlsStatus.Accepted, receiver.Take(generation, AheadMax, out SecretKey? key));
            Assert.Equal(sent[(int)generation], TestSuite.BytesOf(key!));
            key!.Dispose();
            Assert.Equal(MlsStatus.GenerationUsed, receiver.Take(generation, AheadMax, out SecretKey? again));
            Assert.Null(again);
        }
    }

    [Fact]
    public void Take_FurtherAheadThanAllowed_IsRefusedAndNothingMoves()
    {
        var suite = new TestSuite();
        using var ratchet = new SenderRatchet(suite.Crypto, suite.Crypto.Draw(), 0);
        Assert.Equal(MlsStatus.TooLarge, ratchet.Take(AheadMax + 1, AheadMax, out _));
        Assert.Equal(MlsStatus.TooLarge, ratchet.Take(uint.MaxValue, uint.MaxValue, out _));
        Assert.Equal(0u, ratchet.Generation);
        Assert.Empty(ratchet.Kept);
        Assert.Equal(MlsStatus.Accepted, ratchet.Take(AheadMax, AheadMax, out SecretKey? key));
        key!.Dispose();
        Assert.Equal((int)AheadMax, ratchet.Kept.Count);
    }

    [Fact]
    public void Take_MoreLateKeysThanAreKept_ErasesTheOldest()
    {
        var suite = new TestSuite();
        var ratchet = new SenderRatchet(suite.Crypto, suite.Crypto.Draw(), 0);
        Assert.Equal(MlsStatus.Accepted, ratchet.Take(SenderRatchet.KeptMax + 5, uint.MaxValue, out SecretKey? key));
        key!.Dispose();
        Assert.Equal(SenderRatchet.KeptMax, ratchet.Kept.Count);
        Assert.Equal(MlsStatus.GenerationUsed, ratchet.Take(4, AheadMax, out _));
        Assert.Equal(MlsStatus.Accepted, ratchet.Take(5, AheadMax, out key));
        key!.Dispose();
        ratchet.Dispose();
        Assert.Equal(0, suite.Vault.LiveCount);
    }
}
