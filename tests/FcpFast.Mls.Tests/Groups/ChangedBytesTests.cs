using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text.Json;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tests.Support;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>Every byte of a commit and of a Welcome made here counts: any change is refused and nothing is different afterwards. The vectors' are in <see cref="ChangedVectorsTests"/>.</summary>
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
        foreach ((string what, byte[] changed) in new ByteChanges(21).Of(commit))
        {
            Assert.False(groups[0].Process(changed).IsAccepted, what);
            Assert.True(groups[0].IsOpen, what);
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
        foreach ((string what, byte[] changed) in new ByteChanges(22).Of(welcome))
        {
            Assert.False(MlsGroup.Join(clients[3], package, changed, default, null, null, out MlsGroup? group).IsAccepted, what);
            Assert.Null(group);
        }

        Assert.Equal(secrets, fleet.LiveSecrets);
        Fleet.Accepted(MlsGroup.Join(clients[3], package, welcome, default, null, null, out _));
        Assert.Equal(MlsStatus.WrongGroup, MlsGroup.Join(clients[3], package, welcome, default, static _ => true, null, out _).Status);
    }

    [Fact]
    public void Join_ForgedWelcomes_LeaveNoSecret()
    {
        int forged = 0;
        foreach (JsonElement vector in MlsVectors.Cases("welcome-forged.json"))
        {
            using var passive = new PassiveClient(vector, 1_705_000_000);
            int secrets = passive.LiveSecrets;
            bool isAccepted = passive.Join(vector.Hex("welcome"), out MlsGroup? group).IsAccepted;
            Assert.Equal(vector.GetProperty("valid").GetBoolean(), isAccepted);
            group?.Dispose();
            Assert.Equal(secrets, passive.LiveSecrets);
            if (!isAccepted) forged++;
        }

        Assert.InRange(forged, 60, int.MaxValue);
    }

    [Fact]
    public void Join_AWelcomeWhoseSecretsAreMalformed_ErasesWhatItHadRead()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/self/mem is Linux's");
        using var fleet = new Fleet(25);
        MlsClient client = fleet.Client("joiner");
        using MlsKeyPackage package = MlsKeyPackage.Generate(client, Fleet.Lifetime);
        byte[] mask = RandomNumberGenerator.GetBytes(32);
        byte[] welcome = MalformedWelcome(fleet, package, mask, out byte[] masked);
        Assert.Equal(MlsStatus.Malformed, MlsGroup.Join(client, package, welcome, default, null, null, out _).Status);
        Assert.False(MemorySearch.Finds(masked, mask));
    }

    /// <summary>Rightly encrypted to the joiner: a joiner secret, no path secret, no pre-shared keys, and a byte too many.</summary>
    private static byte[] MalformedWelcome(Fleet fleet, MlsKeyPackage package, byte[] mask, out byte[] masked)
    {
        byte[] secret = GC.AllocateArray<byte>(mask.Length, pinned: true), plaintext = GC.AllocateArray<byte>(mask.Length + 4, pinned: true), info = new byte[48];
        RandomNumberGenerator.Fill(secret);
        plaintext[0] = (byte)secret.Length;
        secret.CopyTo(plaintext, 1);
        masked = MemorySearch.Masked(secret, mask);
        HpkeCiphertext sealedSecrets = fleet.Crypto.EncryptWithLabel(package.Package.InitKey, "Welcome"u8, info, plaintext)!;
        Assert.True(MemorySearch.Finds(masked, mask)); // the search finds what is there
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(plaintext);
        var welcome = new Welcome(fleet.Crypto.Suite, [new EncryptedGroupSecrets(package.Package.Reference(fleet.Crypto), sealedSecrets)], info);
        return MlsMessage.Of(welcome).ToBytes();
    }
}
