using System;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Mls.Tests.Support;

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
