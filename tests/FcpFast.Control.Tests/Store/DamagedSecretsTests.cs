using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Ids;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Tests.Store;

/// <summary>A store that turns out to be damaged after some of its secrets were opened: none of them stays in memory. [REPLAY §5.1]</summary>
public sealed class DamagedSecretsTests : IDisposable
{
    private const int RecordBytes = 4096;

    private readonly GroupZone _zone = new();
    private readonly StoreFolder _folder = new();
    private readonly GroupNode _node;

    public DamagedSecretsTests() => _node = new GroupNode(_zone, "node-1");

    [Theory]
    [InlineData("UPDATE key_package SET encryption = zeroblob(LENGTH(encryption)) WHERE zone = 'z:secret'")]
    [InlineData("UPDATE key_package SET init = x'01' WHERE zone = 'z:secret'")]
    [InlineData("UPDATE zone_group SET sealed = zeroblob(LENGTH(sealed)) WHERE zone = 'z:work'")]
    [InlineData("UPDATE zone_group SET sealed = x'01' WHERE zone = 'z:work'")]
    [InlineData("UPDATE membership_grant SET record = x'01' WHERE zone = 'z:work'")]
    [InlineData("UPDATE secret SET sealed = zeroblob(LENGTH(sealed)) WHERE name = 'issuance'")]
    public void Load_OfADamagedStore_LeavesNothingThatItHadOpened(string damage)
    {
        byte[] mask = RandomNumberGenerator.GetBytes(32);
        byte[] planted = Store(mask);
        using (StateStore whole = Open())
        {
            using StoredState state = whole.Load();
            Assert.Equal(2, state.Groups.Count);
            if (OperatingSystem.IsLinux()) Assert.True(MemorySearch.Finds(planted, mask)); // the search finds what is there
        }

        if (OperatingSystem.IsLinux()) Assert.False(MemorySearch.Finds(planted, mask));
        Damage(damage);
        using StateStore store = Open();
        int live = _zone.Vault.LiveCount;
        Assert.Throws<StateStoreException>(() => store.Load());
        Assert.Equal(live, _zone.Vault.LiveCount);
        if (OperatingSystem.IsLinux()) Assert.False(MemorySearch.Finds(planted, mask));
    }

    public void Dispose()
    {
        _node.Dispose();
        _zone.Dispose();
        _folder.Dispose();
    }

    /// <summary>Two zones' groups: of the first, read first, a record with a pattern and a key package; of the other, a record and a grant.</summary>
    /// <returns>The pattern, masked.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte[] Store(byte[] mask)
    {
        byte[] record = GC.AllocateArray<byte>(RecordBytes, pinned: true);
        RandomNumberGenerator.Fill(record);
        byte[] pattern = GC.AllocateArray<byte>(mask.Length, pinned: true);
        record.AsSpan(RecordBytes / 2, pattern.Length).CopyTo(pattern);
        byte[] masked = MemorySearch.Masked(pattern, mask);
        CryptographicOperations.ZeroMemory(pattern);
        _node.OfferPackage();
        var identity = new StoreIdentity(StoreRole.Node, _node.Id, new OwnerCard(_zone.Owner.PublicKey, _zone.Owner.AgreementKey));
        using (StateStore store = StateStore.Create(_folder.Path, identity, _node.Keys, new StoreKeySource.KeyFile(), _zone.Now, _zone.Crypto))
        {
            ZoneId other = TestZone.ZoneOf("z:work");
            MembershipGrant grant = MembershipGrant.Issue(other, MembershipAction.Add, _node.Id, 1, _zone.Owner, GroupZone.Signer, _zone.Now);
            store.Commit(new StateChange
            {
                Groups =
                [
                    new GroupChange(_zone.Zone) { Record = record, Offered = _node.Package, OfferedAtUnixSeconds = _zone.Now },
                    new GroupChange(other) { Record = new byte[] { 1, 2, 3 }, Grants = [new HeldGrant(grant, _zone.Now)] },
                ],
            });
        }

        CryptographicOperations.ZeroMemory(record);
        return masked;
    }

    private StateStore Open() => StateStore.Open(_folder.Path, new StoreKeySource.KeyFile(), _zone.Crypto);

    private void Damage(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.Path, "state.db"), Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.InRange(command.ExecuteNonQuery(), 1, int.MaxValue);
    }
}
