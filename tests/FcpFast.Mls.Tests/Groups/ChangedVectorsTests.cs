using System;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tests.Support;
using FcpFast.Mls.Tree;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>
/// Every byte of the vectors' Commits and Welcomes counts: any change is refused, nothing is different afterwards, and the right one still is followed.
/// FCPFAST_MLS_CHANGES=255 makes every change.
/// </summary>
/// <remarks>Shape: each worker has a client of its own, follows the whole course with it, and changes its share of the places.</remarks>
public sealed class ChangedVectorsTests
{
    private const int Workers = 2;

    [Theory]
    [InlineData("passive-client-handling-commit.json", 1_715_000_000UL)]
    [InlineData("passive-client-random.json", 1_705_000_000UL)]
    public void Process_ACommitOfTheVectorsWithAnyByteChanged_IsRefusedAndTheRightOneFollowed(string file, ulong unixSeconds)
    {
        JsonElement[] cases = [.. MlsVectors.Cases(file)];
        long bytes = cases.SelectMany(static vector => vector.GetProperty("epochs").EnumerateArray()).Sum(static epoch => epoch.Hex("commit").LongLength);
        ChangeAll(file, bytes, changes =>
        {
            foreach (JsonElement vector in cases) FollowCourse(vector, unixSeconds, changes);
        });
    }

    [Theory]
    [InlineData("passive-client-welcome.json", 1_705_000_000UL)]
    [InlineData("passive-client-handling-commit.json", 1_715_000_000UL)]
    [InlineData("passive-client-random.json", 1_705_000_000UL)]
    [InlineData("welcome-forged.json", 1_705_000_000UL)]
    public void Join_AWelcomeOfTheVectorsWithAnyByteChanged_IsRefusedAndLeavesNoSecret(string file, ulong unixSeconds)
    {
        JsonElement[] cases = [.. MlsVectors.Cases(file).Where(static vector => !vector.TryGetProperty("valid", out JsonElement valid) || valid.GetBoolean())];
        long bytes = cases.Sum(static vector => vector.Hex("welcome").LongLength);
        ChangeAll(file, bytes, changes =>
        {
            foreach (JsonElement vector in cases)
            {
                using var passive = new PassiveClient(vector, unixSeconds);
                byte[] welcome = vector.Hex("welcome");
                int secrets = passive.LiveSecrets;
                foreach ((string what, byte[] changed) in changes.Of(welcome))
                {
                    bool isAccepted = passive.Join(changed, out _).IsAccepted;
                    Assert.False(isAccepted, what);
                }

                Assert.Equal(secrets, passive.LiveSecrets);
                Fleet.Accepted(passive.Join(welcome, out MlsGroup? group));
                group!.Dispose();
            }
        });
    }

    /// <summary>The vectors of message protection bring an epoch's keys and no group: what is held here is that such a message opens for nobody.</summary>
    [Fact]
    public void Unprotect_ACommitOfTheVectorsWithAnyByteChanged_IsRefused()
    {
        JsonElement[] cases = [.. MlsVectors.Cases("message-protection.json")];
        string[] names = ["commit_pub", "commit_priv"];
        ChangeAll("message-protection.json", cases.Sum(vector => names.Sum(name => vector.Hex(name).LongLength)), changes =>
        {
            foreach (JsonElement vector in cases)
            {
                var suite = new TestSuite(1, (MlsCipherSuite)vector.GetProperty("cipher_suite").GetInt32());
                Epoch epoch = EpochOf(suite.Crypto, vector);
                foreach (string name in names)
                {
                    foreach ((string what, byte[] changed) in changes.Of(vector.Hex(name))) Assert.False(IsOpened(epoch, changed), $"{name}: {what}");
                    Assert.True(IsOpened(epoch, vector.Hex(name)));
                }
            }
        });
    }

    private static bool IsOpened(Epoch epoch, byte[] bytes)
    {
        if (MlsCodec.Decode(bytes, out MlsMessage message) != MlsStatus.Accepted) return false;
        return message.Body switch
        {
            PublicMessage body => PublicProtection.Unprotect(epoch, body, out _).IsAccepted,
            PrivateMessage body => PrivateProtection.Unprotect(epoch, body, 0, 1024, out _, keepsKey: true).IsAccepted,
            _ => false,
        };
    }

    private static Epoch EpochOf(MlsCrypto crypto, JsonElement vector)
    {
        static LeafNode Leaf(byte[] signatureKey) =>
            new([], signatureKey, MlsCredential.Basic([]), new Capabilities([], [], [], [], []), LeafNodeSource.Update, 0, 0, [], [], []);
        var tree = new RatchetTree(Leaf([]));
        tree.AddLeaf(Leaf(vector.Hex("signature_pub"))); // the sender, at leaf 1
        var context = new GroupContext(
            crypto.Suite, vector.Hex("group_id"), vector.GetProperty("epoch").GetUInt64(), vector.Hex("tree_hash"), vector.Hex("confirmed_transcript_hash"), []);
        var secrets = new EpochSecrets(
            crypto.Keep(vector.Hex("sender_data_secret")), crypto.Draw(), crypto.Draw(), crypto.Keep(vector.Hex("membership_key")), crypto.Draw(), crypto.Draw(), [],
            new SecretTree(crypto, crypto.Keep(vector.Hex("encryption_secret")), 2));
        return new Epoch(crypto, context, tree, secrets);
    }

    private static void FollowCourse(JsonElement vector, ulong unixSeconds, ByteChanges changes)
    {
        using var passive = new PassiveClient(vector, unixSeconds);
        Fleet.Accepted(passive.Join(vector.Hex("welcome"), out MlsGroup? joined));
        using MlsGroup group = joined!;
        foreach (JsonElement epoch in vector.GetProperty("epochs").EnumerateArray())
        {
            foreach (JsonElement proposal in epoch.GetProperty("proposals").EnumerateArray())
            {
                Fleet.Accepted(group.Receive(Convert.FromHexString(proposal.GetString()!)));
            }

            byte[] commit = epoch.Hex("commit");
            string before = Fleet.Everything(group);
            object state = group.State;
            int secrets = passive.LiveSecrets;
            foreach ((string what, byte[] changed) in changes.Of(commit))
            {
                bool isAccepted = group.Process(changed).IsAccepted;
                if (isAccepted || !group.IsOpen || !ReferenceEquals(state, group.State)) Assert.Fail($"epoch {group.Epoch}: {what}");
            }

            Assert.Equal(before, Fleet.Everything(group));
            Assert.Equal(secrets, passive.LiveSecrets);
            Fleet.Accepted(group.Process(commit));
            Assert.Equal(epoch.Hex("epoch_authenticator"), group.Authenticator.ToArray());
        }
    }

    /// <summary>Runs the workers, and proves that none left anything out.</summary>
    private static void ChangeAll(string file, long bytes, Action<ByteChanges> change)
    {
        long count = 0;
        Parallel.For(0, Workers, new ParallelOptions { MaxDegreeOfParallelism = Workers }, worker =>
        {
            var changes = new ByteChanges(23 + worker, worker, Workers);
            change(changes);
            Interlocked.Add(ref count, changes.Count);
        });
        Assert.Equal(bytes * ByteChanges.PerByte, count);
        TestContext.Current.TestOutputHelper!.WriteLine($"{count} changes of {file} refused: {bytes} bytes, {ByteChanges.PerByte} each");
    }
}
