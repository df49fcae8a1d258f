using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>After the window neither the process nor its directory holds anything that opens a past epoch. [WIRE §13.3]</summary>
public sealed class EpochErasureTests
{
    private const ulong Epoch = EpochSchedule.EpochSeconds;
    private const ulong Start = TestZone.Now / Epoch * Epoch;

    [Fact]
    public void Tick_PastTheWindow_ErasesPastEpochsInMemoryAndOnDisk()
    {
        using var fleet = new OwnedFleet("alice");
        fleet.CreateZone(new FcpFast.Control.Owners.ZoneTerms(AeadAlgorithm.ChaCha20Poly1305, new RekeyPolicy { EpochRatchet = true, RetainEpochs = 1 }), "alice");
        NodeState alice = fleet["alice"];
        long ticks = 1;
        ulong now = TestZone.Now;
        alice.Tick(new Instant(ticks, now));
        ZoneKey key = Assert.Single(alice.Zones[OwnedFleet.Zone].Ring.ZoneKeys);
        EpochId first = EpochSchedule.NumberAt(now);
        Assert.Equal(FcpStatus.Accepted, key.TryGet(first, out SecretKey? epochKey, out _));
        byte[] secret = TestZone.BytesOf(epochKey!);
        Assert.True(fleet.Vault.Holds(secret));
        using (ZoneKeyRingImage image = alice.Zones[OwnedFleet.Zone].Ring.ToImage(fleet.Crypto.Vault)) Assert.Contains(first, image.ZoneKeys[0].Epochs!.EpochKeys);
        for (int i = 0; i < 4; i++)
        {
            now += Epoch;
            ticks += (long)Epoch * Instant.TicksPerSecond;
            alice.Tick(new Instant(ticks, now));
        }

        Assert.Equal(FcpStatus.EpochErased, key.TryGet(first, out _, out _));
        Assert.False(fleet.Vault.Holds(secret));
        fleet.Restart("alice");
        ZoneKeyRing again = fleet["alice"].Zones[OwnedFleet.Zone].Ring;
        Assert.Equal(FcpStatus.EpochErased, again.ZoneKeys[0].TryGet(first, out _, out _));
        Assert.Equal(FcpStatus.Accepted, again.ZoneKeys[0].TryGet(EpochSchedule.NumberAt(now), out _, out _));
        Assert.False(fleet.Vault.Holds(secret));
        Assert.DoesNotContain(fleet["alice"].Answer(new ManifestRequest(OwnedFleet.Zone, null)), static record => record.Kind == RecordKind.Manifest); // no box to open again
    }

    [Fact]
    public void Tick_ClockStepsAhead_ErasesOnlyWhatLasts()
    {
        using var fleet = new OwnedFleet("alice");
        fleet.CreateZone(new FcpFast.Control.Owners.ZoneTerms(AeadAlgorithm.ChaCha20Poly1305, new RekeyPolicy { EpochRatchet = true, RetainEpochs = 1 }), "alice");
        NodeState alice = fleet["alice"];
        EpochId first = EpochSchedule.NumberAt(TestZone.Now);
        alice.Tick(new Instant(Instant.TicksPerSecond, TestZone.Now));
        alice.Tick(new Instant(2 * Instant.TicksPerSecond, TestZone.Now + 86_400)); // somebody set the clock wrong
        Assert.Contains(alice.Alarms(TestZone.Now + 86_400), static alarm => alarm.Kind == NodeAlarmKind.ClockStepped);
        Assert.Equal(FcpStatus.Accepted, alice.Zones[OwnedFleet.Zone].Ring.ZoneKeys[0].TryGet(first, out _, out _));
        alice.Tick(new Instant(3 * Instant.TicksPerSecond, TestZone.Now + 2)); // and right again
        Assert.Equal(FcpStatus.Accepted, alice.Zones[OwnedFleet.Zone].Ring.ZoneKeys[0].TryGet(first, out _, out _));
        alice.Tick(new Instant(4 * Instant.TicksPerSecond, TestZone.Now + 86_400));
        alice.Tick(new Instant(4 * Instant.TicksPerSecond + SettledClock.SettlingTicks, TestZone.Now + 86_460)); // it was no mistake
        Assert.Equal(FcpStatus.EpochErased, alice.Zones[OwnedFleet.Zone].Ring.ZoneKeys[0].TryGet(first, out _, out _));
        alice.Tick(new Instant(5 * Instant.TicksPerSecond + SettledClock.SettlingTicks, TestZone.Now)); // going back never un-erases
        Assert.Equal(FcpStatus.EpochErased, alice.Zones[OwnedFleet.Zone].Ring.ZoneKeys[0].TryGet(first, out _, out _));
    }

    [Fact]
    public void Memory_OfTheProcess_HoldsNeitherTheZoneKeyNorAPastEpoch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/self/mem is Linux's");
        string root = Directory.CreateTempSubdirectory("fcpfast-erasure-").FullName;
        byte[] mask = new byte[32];
        new Random(11).NextBytes(mask);
        try
        {
            CryptoProvider crypto = LibsodiumGate.Open();
            (byte[] zoneKey, byte[] epochKey, byte[] present) = LiveThroughEpochs(root, crypto, mask, out NodeState node);
            using (node)
            {
                byte[] planted = new byte[32];
                new Random(12).NextBytes(planted);
                Assert.True(MemorySearch.Finds(MemorySearch.Masked(planted, mask), mask)); // the search finds what is there
                Assert.False(MemorySearch.Finds(zoneKey, mask));
                Assert.False(MemorySearch.Finds(epochKey, mask));
                foreach (byte[] gone in (byte[][])[zoneKey, epochKey, present])
                {
                    byte[] plain = MemorySearch.Masked(gone, mask);
                    Assert.DoesNotContain(Directory.GetFiles(root, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith("lock", StringComparison.Ordinal)), file => Read(file).AsSpan().IndexOf(plain) >= 0);
                    Array.Clear(plain);
                }

                GC.KeepAlive(planted);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>A node gets a ratcheting key and lives until its first epoch has left the window. What is returned is masked, so that it is no find itself.</summary>
    private static (byte[] ZoneKey, byte[] FirstEpoch, byte[] PresentEpoch) LiveThroughEpochs(string root, CryptoProvider crypto, byte[] mask, out NodeState node)
    {
        using OwnerKey owner = OwnerKey.Generate(crypto);
        using NodeKeys keys = NodeKeys.Generate(crypto);
        NodeId id = TestZone.NodeOf("alice");
        var identity = new StoreIdentity(StoreRole.Node, id, new OwnerCard(owner.PublicKey, owner.AgreementKey));
        node = NodeState.Open(StateStore.Create(Path.Combine(root, "alice"), identity, keys, new StoreKeySource.KeyFile(), Start, crypto), crypto);
        byte[] zoneKey;
        using (ZoneSecrets secrets = ZoneSecrets.Generate(crypto))
        {
            ManifestDraft draft = ManifestDraft.First(OwnedFleet.Zone, AeadAlgorithm.ChaCha20Poly1305, new RekeyPolicy { EpochRatchet = true, RetainEpochs = 1 }, Start)
                .To([new KeyValuePair<NodeId, PublicKey>(id, keys.Public.Encryption)]);
            Assert.Equal(FcpStatus.Accepted, ManifestAuthor.Author(draft, secrets, owner, id, Start, crypto, out ZoneKeyManifest? manifest));
            Assert.Equal(FcpStatus.Accepted, node.Take(ControlRecord.Of(RecordKind.Manifest, manifest!.Encoded.Span), Start).Status);
            zoneKey = MaskedKey(secrets.ZoneKey, mask);
        }

        node.Tick(new Instant(1, Start));
        byte[] first = EpochKey(node, EpochSchedule.NumberAt(Start), mask);
        for (ulong i = 1; i <= 4; i++) node.Tick(new Instant((long)(i * Epoch) * Instant.TicksPerSecond, Start + (i * Epoch)));
        return (zoneKey, first, EpochKey(node, EpochSchedule.NumberAt(Start + (4 * Epoch)), mask));
    }

    private static byte[] EpochKey(NodeState node, EpochId epoch, byte[] mask)
    {
        Assert.Equal(FcpStatus.Accepted, node.Zones[OwnedFleet.Zone].Ring.ZoneKeys[0].TryGet(epoch, out SecretKey? key, out _));
        return MaskedKey(key!, mask);
    }

    private static byte[] MaskedKey(SecretKey key, byte[] mask)
    {
        using KeyLease lease = key.Lease();
        byte[] masked = new byte[mask.Length];
        for (int i = 0; i < masked.Length; i++) masked[i] = (byte)(lease.Bytes[i] ^ mask[i]);
        return masked;
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
