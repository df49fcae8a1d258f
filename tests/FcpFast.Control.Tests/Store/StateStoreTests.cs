using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Tests.Store;

/// <summary>The store keeps what was acknowledged, all of it or nothing. [REPLAY §5.2], [REPLAY §5.3]</summary>
public sealed class StateStoreTests : IDisposable
{
    private static readonly PasswordCost Cheap = new(3, 64);

    private readonly TestZone _test = new();
    private readonly StoreFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void Load_AfterEveryKindOfChange_GivesTheSameState()
    {
        Seeded.Run(4, random =>
        {
            using var folder = new StoreFolder();
            using var test = new TestZone(random.Next());
            using var ring = new ZoneKeyRing(test.Zone);
            using ZoneSecrets keys = ZoneSecrets.Generate(test.Crypto);
            ZoneState? state = null;
            string expected;
            using (StateStore store = folder.Create(test))
            {
                var policy = new RekeyPolicy { EpochRatchet = random.Next(2) == 0, OverlapWindowSeconds = (ulong)random.Next(1000), RetainEpochs = (uint)random.Next(5) };
                ulong now = TestZone.Now;
                ZoneState known = test.WithProfile(test.Fresh, SecurityTerms.Default, 1, out ReadOnlyMemory<byte> profile);
                Commit(store, new ZoneChange(null, known) { Record = profile });
                state = known;
                ZoneKeyManifest manifest = test.First(keys, policy);
                for (int step = 0; step < 12; step++)
                {
                    ZoneChange change = StoreFolder.Step(test, state, manifest, ring, now);
                    Commit(store, change);
                    state = change.After;
                    now += (ulong)random.Next(1, 700);
                    using ZoneSecrets next = keys.Rotate(test.Crypto, random.Next(2) == 0);
                    ManifestDraft draft = ManifestDraft.Rotate(state, now);
                    if (step == 7) draft = draft with { Evidence = [random.Next32()] };
                    manifest = test.Author(draft.To(random.Next(4) == 0 ? test.OnlyOther : test.Both), next);
                    if (step != 9) continue;
                    ZoneKeyManifest rival = test.Author((ManifestDraft.Rotate(state, now) with { CreatedAtUnixSeconds = now + 9 }).To(test.Both), next);
                    change = StoreFolder.Step(test, state, manifest, ring, now);
                    Commit(store, change);
                    change = StoreFolder.Step(test, change.After, rival, ring, now);
                    Commit(store, change);
                    state = change.After;
                }

                using StoredState loaded = store.Load();
                expected = StoreFolder.Describe(loaded.Zones[0].State) + StoreFolder.Describe(loaded.Zones[0].Ring);
                using ZoneKeyRingImage image = ring.ToImage(test.Crypto.Vault);
                Assert.Equal(StoreFolder.Describe(state) + StoreFolder.Describe(image), expected);
            }

            using StateStore again = folder.Open(test);
            using StoredState reopened = again.Load();
            Assert.Equal(expected, StoreFolder.Describe(reopened.Zones[0].State) + StoreFolder.Describe(reopened.Zones[0].Ring));
        });
    }

    [Fact]
    public void Load_AfterIdentityChanges_GivesKeysRevocationsAndStatements()
    {
        using (StateStore store = _folder.Create(_test))
        {
            Assert.Equal(1UL, store.Begin(new StartMark(TestZone.Now, "boot", "host")));
            Assert.Equal(FcpStatus.Accepted, RevocationList.Sign(
                3, [new RevokedKey(_test.OtherKeys.Public.Signing, _test.OtherNode, RevocationReason.Lost, TestZone.Now)], FreshnessPolicy.None, _test.Owner, _test.Signer, TestZone.Now, out RevocationList? list));
            Assert.Equal(FcpStatus.Accepted, RevocationHistory.Empty.Take(list!.Encoded.Span, _test.Owner.PublicKey, TestZone.Now, _test.Crypto.Signatures, out RevocationHistory revocations));
            GenerationStatement statement = GenerationStatement.Sign(_test.OtherNode, _test.OtherKeys, 9, TestZone.Now, _test.Crypto);
            _test.Keys.DrawNextEncryptionKey();
            store.Commit(new StateChange { Keys = _test.Keys, EncryptionSinceUnixSeconds = 77, Revocations = revocations, Statements = [statement] });
        }

        using StateStore again = _folder.Open(_test);
        using StoredState loaded = again.Load();
        Assert.Equal(StoreFolder.IdentityOf(_test), loaded.Identity);
        Assert.Equal(1UL, loaded.Generation);
        Assert.Equal(new StartMark(TestZone.Now, "boot", "host"), loaded.LastStart);
        Assert.Equal(77UL, loaded.EncryptionSinceUnixSeconds);
        Assert.Equal(TestZone.BytesOf(_test.Keys.NextEncryption!), TestZone.BytesOf(loaded.Keys!.NextEncryption!));
        Assert.Null(loaded.Keys.PreviousEncryption);
        Assert.Equal(_test.Keys.Public, loaded.Keys.Public);
        Assert.True(loaded.Revocations.IsRevoked(_test.OtherKeys.Public.Signing));
        Assert.Equal(9UL, loaded.Statements[_test.OtherNode].Generation);
    }

    [Fact]
    public void Begin_WithAHigherWitness_GoesAboveIt()
    {
        using StateStore store = _folder.Create(_test);
        Assert.Equal(1UL, store.Begin(new StartMark(TestZone.Now, "", "")));
        Assert.Equal(2UL, store.Begin(new StartMark(TestZone.Now, "", "")));
        Assert.Equal(41UL, store.Begin(new StartMark(TestZone.Now, "", "", 40)));
        Assert.Equal(42UL, store.Begin(new StartMark(TestZone.Now, "", "", 7)));
    }

    [Fact]
    public void Open_OfWhatAKilledProcessLeaves_HasEveryAcknowledgedChange()
    {
        var acknowledged = new List<string>();
        using (StateStore store = _folder.Create(_test))
        {
            Fill(store, 10, after =>
            {
                using StoredState state = store.Load();
                acknowledged.Add(StoreFolder.Describe(state));
                _folder.Copy(FormattableString.Invariant($"killed-{after}"));
            });
        }

        for (int i = 0; i < acknowledged.Count; i++)
        {
            using StateStore store = StateStore.Open(Path.Combine(_folder.Root, FormattableString.Invariant($"killed-{i}")), new StoreKeySource.KeyFile(), _test.Crypto);
            using StoredState state = store.Load();
            Assert.Equal(acknowledged[i], StoreFolder.Describe(state));
        }
    }

    [Fact]
    public void Open_OfATornLog_HasTheStateOfAWholeChange()
    {
        var acknowledged = new List<string>();
        string whole;
        using (StateStore store = _folder.Create(_test))
        {
            using (StoredState created = store.Load()) acknowledged.Add(StoreFolder.Describe(created));
            Fill(store, 6, _ =>
            {
                using StoredState state = store.Load();
                acknowledged.Add(StoreFolder.Describe(state));
            });
            whole = _folder.Copy("whole");
        }

        long logBytes = new FileInfo(Path.Combine(whole, "state.db-wal")).Length;
        Seeded.Run(40, random =>
        {
            string torn = Path.Combine(_folder.Root, "torn");
            if (Directory.Exists(torn)) Directory.Delete(torn, recursive: true);
            Directory.CreateDirectory(torn);
            foreach (string file in Directory.GetFiles(whole)) File.Copy(file, Path.Combine(torn, Path.GetFileName(file)));
            using (FileStream log = File.Open(Path.Combine(torn, "state.db-wal"), FileMode.Open))
            {
                log.SetLength(logBytes / 2 + random.NextInt64(logBytes / 2)); // what was never flushed is missing, or is garbage
                if (random.Next(2) == 0)
                {
                    log.Position = Math.Max(logBytes / 2, log.Length - 2000);
                    byte[] garbage = new byte[log.Length - log.Position];
                    random.NextBytes(garbage);
                    log.Write(garbage);
                }
            }

            using StateStore store = StateStore.Open(torn, new StoreKeySource.KeyFile(), _test.Crypto);
            using StoredState state = store.Load();
            Assert.Contains(StoreFolder.Describe(state), acknowledged);
        });
    }

    [Fact]
    public void Commit_OnAFullDisk_KeepsWhatWasAcknowledgedAndGoesOnWithRoom()
    {
        using StateStore store = _folder.Create(_test);
        using ZoneSecrets keys = ZoneSecrets.Generate(_test.Crypto);
        using var ring = new ZoneKeyRing(_test.Zone);
        ZoneChange first = StoreFolder.Step(_test, null, _test.First(keys), ring, TestZone.Now);
        Commit(store, first);
        using StoredState before = store.Load();
        store.LimitPages((int)store.CountPages());
        using ZoneSecrets next = keys.Rotate(_test.Crypto, true);
        KeyValuePair<NodeId, PublicKey>[] many = [.. Enumerable.Range(0, 200).Select(i => new KeyValuePair<NodeId, PublicKey>(TestZone.NodeOf($"n{i}"), _test.OtherKeys.Public.Encryption))];
        ZoneChange large = StoreFolder.Step(_test, first.After, _test.Author(ManifestDraft.Rotate(first.After, TestZone.Now).To([.. _test.Both, .. many]), next), ring, TestZone.Now);
        StateStoreException refused = Assert.Throws<StateStoreException>(() => store.Commit(new StateChange { Zones = [large] }));
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("make room", refused.Remedy, StringComparison.Ordinal);
        using StoredState after = store.Load();
        Assert.Equal(StoreFolder.Describe(before), StoreFolder.Describe(after));
        store.LimitPages(1_000_000);
        Commit(store, large);
        using StoredState last = store.Load();
        Assert.Equal(StoreFolder.Describe(large.After), StoreFolder.Describe(last.Zones[0].State));
    }

    [Fact]
    public void Open_OfADamagedFile_SaysSoWithARemedyOrReadsTheSame()
    {
        string expected;
        using (StateStore store = _folder.Create(_test))
        {
            Fill(store, 6, static _ => { });
            using StoredState state = store.Load();
            expected = StoreFolder.Describe(state);
        }

        byte[] good = File.ReadAllBytes(_folder.Database);
        int told = 0;
        Seeded.Run(1, random =>
        {
            for (int i = 0; i < 60; i++) Damage(random, 64 << random.Next(8));
        });
        Assert.True(told >= 10, $"only {told} of 60 damages were found, {good.Length} bytes");

        void Damage(Random random, int bytes)
        {
            byte[] bad = (byte[])good.Clone();
            int at = random.Next(bad.Length);
            for (int i = at; i < Math.Min(at + bytes, bad.Length); i++) bad[i] ^= 0x5A;
            File.WriteAllBytes(_folder.Database, bad);
            try
            {
                using StateStore store = _folder.Open(_test);
                using StoredState state = store.Load();
                Assert.Equal(expected, StoreFolder.Describe(state)); // the damage lies in unused space, or in a record that is only kept for others
            }
            catch (StateStoreException e)
            {
                told++;
                Assert.NotEmpty(e.Remedy);
                Assert.StartsWith(_folder.Database, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Open_WithFilesThatOthersMayUse_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix's");
        _folder.Create(_test).Dispose();
        foreach (string file in (string[])[_folder.Database, Path.Combine(_folder.Path, "store.key")])
        {
#pragma warning disable CA1416 // skipped above
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            StateStoreException refused = Assert.Throws<StateStoreException>(() => _folder.Open(_test));
            Assert.Contains("chmod 600", refused.Remedy, StringComparison.Ordinal);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
        }

        _folder.Open(_test).Dispose();
    }

    [Fact]
    public void Open_OfAStoreInUse_NamesItsProcess()
    {
        using StateStore store = _folder.Create(_test);
        StateStoreException refused = Assert.Throws<StateStoreException>(() => _folder.Open(_test));
        Assert.Contains($"process {Environment.ProcessId} uses", refused.Message, StringComparison.Ordinal);
        Assert.True(StateStore.IsInUse(_folder.Path));
        using StateStore reader = StateStore.OpenPublic(_folder.Path, _test.Crypto);
        using StoredState state = reader.Load();
        Assert.Equal(_test.Node, state.Identity.Name);
        Assert.Null(state.Keys);
    }

    [Fact]
    public void Commit_AfterAnotherProcessBegan_IsRefused()
    {
        using StateStore store = _folder.Create(_test);
        store.Begin(new StartMark(TestZone.Now, "", ""));
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = "UPDATE store SET generation = generation + 1";
            command.ExecuteNonQuery();
        }

        StateStoreException refused = Assert.Throws<StateStoreException>(() => store.Commit(new StateChange { ForgottenNodes = [_test.OtherNode] }));
        Assert.Contains("another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithAnotherKey_IsRefusedWithARemedy()
    {
        StoreKeySource.Passphrase passphrase = PassphraseOf("correct horse");
        _folder.Create(_test, passphrase).Dispose();
        Assert.Contains("check the passphrase", Assert.Throws<StateStoreException>(() => _folder.Open(_test, PassphraseOf("wrong horse"))).Remedy, StringComparison.Ordinal);
        Assert.Contains("--passphrase-file", Assert.Throws<StateStoreException>(() => _folder.Open(_test)).Remedy, StringComparison.Ordinal);
        using StateStore store = _folder.Open(_test, passphrase);
        using StoredState state = store.Load();
        Assert.Equal(_test.Keys.Public, state.Keys!.Public);
    }

    [Fact]
    public void Open_WithTheKeyFileOfAnotherStore_IsRefused()
    {
        _folder.Create(_test).Dispose();
        File.WriteAllBytes(Path.Combine(_folder.Path, "store.key"), new byte[32]);
        Assert.Contains("does not open", Assert.Throws<StateStoreException>(() => _folder.Open(_test)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder.Path, "store.key"));
        Assert.Contains("--key-file", Assert.Throws<StateStoreException>(() => _folder.Open(_test)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithSecretsChangedAround_IsRefused()
    {
        _folder.Create(_test).Dispose();
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = "UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'signing') WHERE name = 'issuance'";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        using StateStore store = _folder.Open(_test);
        Assert.Contains("does not open", Assert.Throws<StateStoreException>(store.Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfALaterFormatOrAnotherProgram_IsRefused()
    {
        _folder.Create(_test).Dispose();
        foreach ((string pragma, string words) in ((string, string)[])[("user_version = 999", "format is 999"), ("application_id = 7", "another program")])
        {
            using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
            {
                other.Open();
                using SqliteCommand command = other.CreateCommand();
#pragma warning disable CA2100 // two constants
                command.CommandText = $"PRAGMA {pragma}";
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }

            Assert.Contains(words, Assert.Throws<StateStoreException>(() => _folder.Open(_test)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_InAFolderInUse_IsRefused()
    {
        _folder.Create(_test).Dispose();
        Assert.Contains("not empty", Assert.Throws<StateStoreException>(() => _folder.Create(_test)).Message, StringComparison.Ordinal);
        Assert.Throws<StateStoreException>(() => StateStore.Open(_folder.Root, new StoreKeySource.KeyFile(), _test.Crypto));
    }

    [Fact]
    public void Files_AfterSecretsWereErased_HoldNeitherTheSecretsNorTheirSeals()
    {
        using StateStore store = _folder.Create(_test);
        using ZoneSecrets keys = ZoneSecrets.Generate(_test.Crypto);
        using var ring = new ZoneKeyRing(_test.Zone);
        ZoneChange change = StoreFolder.Step(_test, null, _test.First(keys), ring, TestZone.Now);
        Commit(store, change);
        byte[] sealedKey = SealedKeys().Single();
        Assert.True(_folder.Contains(sealedKey)); // the search can find
        Assert.False(_folder.Contains(TestZone.BytesOf(keys.ZoneKey)));
        ring.Drop(keys.ZoneKeyId);
        using ZoneKeyRingImage empty = ring.ToImage(_test.Crypto.Vault);
        Commit(store, new ZoneChange(change.After, change.After) { Ring = empty });
        Assert.True(store.Scrub());
        Assert.False(_folder.Contains(sealedKey));
        Assert.Empty(SealedKeys());
    }

    [Fact]
    public void ReadRecords_BehindAManifest_GivesProfilesAndWhatFollows()
    {
        using StateStore store = _folder.Create(_test);
        List<ManifestDigest> digests = Fill(store, 5, static _ => { });
        Assert.Equal(5, store.ReadRecords(_test.Zone, null, int.MaxValue).Count);
        IReadOnlyList<ControlRecord> later = store.ReadRecords(_test.Zone, digests[2], int.MaxValue);
        Assert.Equal(digests[3..], later.Select(static record => ManifestDigest.Of(record.Cbor.Span)));
        Assert.Single(store.ReadRecords(_test.Zone, null, 0));
        Assert.Empty(store.ReadRecords(TestZone.ZoneOf("z:other"), null, int.MaxValue));
    }

    [Fact]
    public void Backup_OfAStoreInUse_IsAStoreAgain()
    {
        string expected;
        string restored = Path.Combine(_folder.Root, "restored");
        using (StateStore store = _folder.Create(_test))
        {
            Fill(store, 4, static _ => { });
            Directory.CreateDirectory(restored);
            store.Backup(Path.Combine(restored, "state.db"));
            Assert.Throws<StateStoreException>(() => store.Backup(Path.Combine(restored, "state.db")));
            using StoredState state = store.Load();
            expected = StoreFolder.Describe(state);
        }

        File.Copy(Path.Combine(_folder.Path, "store.key"), Path.Combine(restored, "store.key"));
        using StateStore again = StateStore.Open(restored, new StoreKeySource.KeyFile(), _test.Crypto);
        using StoredState loaded = again.Load();
        Assert.Equal(expected, StoreFolder.Describe(loaded));
    }

    private static void Commit(StateStore store, ZoneChange change) => store.Commit(new StateChange { Zones = [change] });

    private static StoreKeySource.Passphrase PassphraseOf(string words) => new StoreKeySource.Passphrase([.. Encoding.UTF8.GetBytes(words)], Cheap);

    private List<byte[]> SealedKeys()
    {
        using var reader = new SqliteConnection($"Data Source={_folder.Database};Pooling=False;Mode=ReadOnly");
        reader.Open();
        using SqliteCommand command = reader.CreateCommand();
        command.CommandText = "SELECT sealed FROM zone_key";
        using SqliteDataReader rows = command.ExecuteReader();
        var keys = new List<byte[]>();
        while (rows.Read()) keys.Add((byte[])rows.GetValue(0));
        return keys;
    }

    /// <summary>A zone and its rotations, one change each.</summary>
    private List<ManifestDigest> Fill(StateStore store, int count, Action<int> after)
    {
        using ZoneSecrets keys = ZoneSecrets.Generate(_test.Crypto);
        using var ring = new ZoneKeyRing(_test.Zone);
        ZoneState? state = null;
        var digests = new List<ManifestDigest>();
        for (int i = 0; i < count; i++)
        {
            ulong now = TestZone.Now + (ulong)(10 * i);
            using ZoneSecrets next = keys.Rotate(_test.Crypto, false);
            ZoneKeyManifest manifest = i == 0 ? _test.First(keys) : _test.Author(ManifestDraft.Rotate(state!, now).To(_test.Both), next);
            ZoneChange change = StoreFolder.Step(_test, state, manifest, ring, now);
            Commit(store, change);
            change.Ring!.Dispose();
            state = change.After;
            digests.Add(manifest.Digest);
            after(i);
        }

        return digests;
    }
}
