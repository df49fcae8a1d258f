using System;
using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tests.Support;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>Every byte of a commit and of a Welcome counts: any change is refused and nothing is different afterwards.</summary>
public sealed class ChangedBytesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Process_ACommitWithAnyByteChanged_IsRefusedAndChangesNothing(bool isPublic)
    {
        using var fleet = new Fleet(21);
        MlsClient[] clients = fleet.Clients(4);
        List<MlsGroup> groups = fleet.Group(clients[..3]);
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[3], Fleet.Lifetime);
        MlsPendingCommit pending = Fleet.Commit(groups[1], new MlsCommitPlan { Add = [package.Message], Remove = [2], IsPublic = isPublic });
        byte[] commit = pending.Message.ToArray();
        string before = Fleet.Everything(groups[0]);
        for (int at = 0; at < commit.Length; at++)
        {
            byte[] changed = (byte[])commit.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            MlsVerdict verdict = groups[0].Process(changed);
            Assert.False(verdict.IsAccepted, $"byte {at}");
            Assert.True(groups[0].IsOpen, $"byte {at}");
        }

        Assert.Equal(before, Fleet.Everything(groups[0]));
        groups.RemoveAt(2);
        Fleet.Deliver(groups, groups[1]);
        Fleet.AssertAgree(groups);
    }

    [Fact]
    public void Join_AWelcomeWithAnyByteChanged_IsRefusedAndLeavesNoSecret()
    {
        using var fleet = new Fleet(22);
        MlsClient[] clients = fleet.Clients(4);
        List<MlsGroup> groups = fleet.Group(clients[..3]);
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[3], Fleet.Lifetime);
        byte[] welcome = Fleet.Commit(groups[0], new MlsCommitPlan { Add = [package.Message] }).Welcome.ToArray();
        int secrets = fleet.LiveSecrets;
        for (int at = 0; at < welcome.Length; at++)
        {
            byte[] changed = (byte[])welcome.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            Assert.False(MlsGroup.Join(clients[3], package, changed, default, null, null, out MlsGroup? group).IsAccepted, $"byte {at}");
            Assert.Null(group);
        }

        Assert.Equal(secrets, fleet.LiveSecrets);
        Fleet.Accepted(MlsGroup.Join(clients[3], package, welcome, default, null, null, out _));
        Assert.Equal(MlsStatus.WrongGroup, MlsGroup.Join(clients[3], package, welcome, default, static _ => true, null, out _).Status);
    }

    [Fact]
    public void Process_TheVectorsCommitsWithBytesChanged_AreRefusedAndTheRightOnesFollow()
    {
        var random = new Random(23);
        foreach (JsonElement vector in MlsVectors.Cases("passive-client-handling-commit.json"))
        {
            var suite = new TestSuite(1, (MlsCipherSuite)vector.GetProperty("cipher_suite").GetInt32());
            using MlsGroup group = Join(suite, vector);
            foreach (JsonElement epoch in vector.GetProperty("epochs").EnumerateArray())
            {
                foreach (JsonElement proposal in epoch.GetProperty("proposals").EnumerateArray())
                {
                    Fleet.Accepted(group.Receive(Convert.FromHexString(proposal.GetString()!)));
                }

                byte[] commit = epoch.Hex("commit");
                string before = Fleet.Everything(group);
                for (int at = random.Next(5); at < commit.Length; at += 5)
                {
                    byte[] changed = (byte[])commit.Clone();
                    changed[at] ^= (byte)(1 << random.Next(8));
                    Assert.False(group.Process(changed).IsAccepted, $"byte {at}");
                }

                Assert.Equal(before, Fleet.Everything(group));
                Fleet.Accepted(group.Process(commit));
                Assert.Equal(epoch.Hex("epoch_authenticator"), group.Authenticator.ToArray());
            }
        }
    }

    private static MlsGroup Join(TestSuite suite, JsonElement vector)
    {
        var clock = new TestClock { UnixSeconds = 1_715_000_000 };
        var policy = new MlsPolicy(new EveryCredential(), clock) { LifetimeSecondsMax = ulong.MaxValue };
        var psks = new TestPsks();
        foreach (JsonElement psk in vector.GetProperty("external_psks").EnumerateArray())
        {
            psks.Keys[Convert.ToHexString(psk.Hex("psk_id"))] = suite.Vault.Import(psk.Hex("psk"));
        }

        SecretKey seed = suite.Vault.Import(vector.Hex("signature_priv"));
        Assert.Equal(MlsStatus.Accepted, Mls.Codec.MlsCodec.Decode(vector.Hex("key_package"), out MlsMessage message));
        var client = new MlsClient(suite.Crypto.Suite, suite.Provider, ((KeyPackage)message.Body).Leaf.Credential.Content, seed, policy) { Psks = psks };
        MlsKeyPackage package = MlsKeyPackage.Restore(
            client, vector.Hex("key_package"), suite.Vault.Import(vector.Hex("init_priv")), suite.Vault.Import(vector.Hex("encryption_priv")))!;
        Fleet.Accepted(MlsGroup.Join(client, package, vector.Hex("welcome"), vector.HexOrNull("ratchet_tree"), null, null, out MlsGroup? group));
        return group!;
    }

    private sealed class EveryCredential : IMlsCredentials
    {
        public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey) => true;

        public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity) => identity;
    }
}
