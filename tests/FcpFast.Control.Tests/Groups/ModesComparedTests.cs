using System;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Groups;

/// <summary>[WIRE §13.3], [WIRE §14]: the same theft in both modes. A ratchet protects the past and heals nothing; a group heals.</summary>
public sealed class ModesComparedTests
{
    [Fact]
    public void Thief_OfARatchetingZonesState_HasTheNextEpochsKeyWhateverTheNodeDoes()
    {
        var vault = new RecordingVault();
        CryptoProvider crypto = LibsodiumGate.Open() with { Vault = vault };
        var id = new ZoneKeyId(new Random(1).Next8());
        using var chain = new EpochKeyChain(crypto, id, new byte[32], TestZone.ZoneOf("z:work").ComputeHash(), 300_000, 2, new EpochId(1000));
        byte[][] stolen = vault.Live; // all of the node's secrets in epoch 1000
        chain.AdvanceTo(new EpochId(1003));
        Assert.Equal(FcpStatus.Accepted, chain.TryGet(new EpochId(1004), out SecretKey? key));
        byte[] info = [.. "FCPFAST-EPOCH-KEY-V1"u8, 0xEA, 3, 0, 0, 0, 0, 0, 0], next = [.. "FCPFAST-EPOCH-NEXT-V1"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        bool found = stolen.Any(secret =>
        {
            byte[] current = secret;
            for (ulong epoch = 1002; epoch <= 1004; epoch++)
            {
                BitConverter.TryWriteBytes(info.AsSpan(^8), epoch);
                byte[] candidate = new byte[32], above = new byte[32];
                crypto.Kdf.Expand(current, info, candidate);
                if (epoch == 1004 && candidate.SequenceEqual(TestZone.BytesOf(key!))) return true;
                BitConverter.TryWriteBytes(next.AsSpan(^8), epoch + 1);
                crypto.Kdf.Expand(current, next, above);
                current = above;
            }

            return false;
        });
        Assert.True(found);
    }

    [Fact]
    public void Thief_OfAGroupsWholeState_HasNoKeyOfTheEpochThatHeals()
    {
        using var zone = new GroupZone();
        zone.Grow(4);
        GroupNode taken = zone.Nodes[2];
        byte[] stolen = taken.Store.Record!;
        (GroupMessage commit, ZoneKeyManifest manifest) = zone.Heal(taken);
        byte[] key = zone.Coordinator.ActiveKey;
        using ZoneGroup thief = ZoneGroup.Restore(taken.Membership, stolen, null)!;
        thief.Receive(commit);
        Assert.NotEqual(FcpStatus.Accepted, thief.Preview(manifest, out _, out _));
        Assert.False(stolen.AsSpan().IndexOf(key) >= 0);
    }
}
