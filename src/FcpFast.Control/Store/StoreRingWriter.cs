using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Store;

/// <summary>Writes the keys of a zone: what left the ring leaves the tables.</summary>
/// <remarks>Source: [WIRE §12.1], [WIRE §13.3] (erasure).</remarks>
internal sealed class StoreRingWriter(StoreSql sql, StoreSeal seal)
{
    public void Write(ZoneKeyRingImage ring)
    {
        string zone = ring.Zone.ToString();
        sql.Run(
            "UPDATE zone SET active = $2, may_seal = $3, retain_epochs = $4, epoch_high = $5 WHERE zone = $1", zone,
            ring.Active is { } active ? StoreSql.Bytes(active.Value) : null, ring.MaySeal ? 1 : 0, (long)ring.RetainEpochs,
            StoreSql.Signed(ring.HighEpoch.Value));
        Forget("zone_key", zone, ring.ZoneKeys.Select(static key => key.Id.Value));
        Forget("epoch_key", zone, ring.ZoneKeys.Select(static key => key.Id.Value));
        Forget("object_id_key", zone, ring.ObjectIdKeys.Select(static key => key.Id.Value));
        for (int place = 0; place < ring.ZoneKeys.Length; place++) Write(zone, place, ring.ZoneKeys[place]);
        for (int place = 0; place < ring.ObjectIdKeys.Length; place++)
        {
            ObjectIdKeyImage key = ring.ObjectIdKeys[place];
            byte[] id = StoreSql.Bytes(key.Id.Value);
            sql.Run(
                """
                INSERT INTO object_id_key VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT DO UPDATE SET place = excluded.place, erased_at = excluded.erased_at
                """,
                zone, id, place, key.ErasedAtUnixSeconds is { } end ? StoreSql.Signed(end) : null, seal.Seal("object_id_key", zone, id, 0, key.Key));
        }
    }

    private void Write(string zone, int place, ZoneKeyImage key)
    {
        byte[] id = StoreSql.Bytes(key.Id.Value);
        EpochChainImage? chain = key.Epochs;
        ulong chainEpoch = chain?.ChainEpoch.Value ?? 0;
        sql.Run(
            """
            INSERT INTO zone_key VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT DO UPDATE SET place = excluded.place, erased_at = excluded.erased_at, chain_high = excluded.chain_high,
                chain_epoch = excluded.chain_epoch, sealed = excluded.sealed
            """,
            zone, id, place, (int)key.Algorithm, StoreSql.Signed(key.SealsFromUnixSeconds),
            key.ErasedAtUnixSeconds is { } end ? StoreSql.Signed(end) : null, chain is null ? null : StoreSql.Signed(chain.First.Value),
            chain is null ? null : (long)chain.RetainEpochs, chain is null ? null : StoreSql.Signed(chain.High.Value),
            chain is null ? null : StoreSql.Signed(chainEpoch), seal.Seal("zone_key", zone, id, chainEpoch, chain?.ChainKey ?? key.Key!),
            key.OnlyEpoch is { } only ? StoreSql.Signed(only.Value) : null);
        if (chain is null) return;
        var stored = sql.Rows("SELECT epoch FROM epoch_key WHERE zone = $1 AND id = $2", static row => StoreSql.Unsigned(row, 0), zone, id).ToHashSet();
        foreach (ulong gone in stored.Where(epoch => !chain.EpochKeys.ContainsKey(new EpochId(epoch))))
        {
            sql.Run("DELETE FROM epoch_key WHERE zone = $1 AND id = $2 AND epoch = $3", zone, id, StoreSql.Signed(gone));
        }

        foreach ((EpochId epoch, Protocol.Crypto.SecretKey epochKey) in chain.EpochKeys)
        {
            if (stored.Contains(epoch.Value)) continue;
            sql.Run(
                "INSERT INTO epoch_key VALUES ($1, $2, $3, $4)", zone, id, StoreSql.Signed(epoch.Value),
                seal.Seal("epoch_key", zone, id, epoch.Value, epochKey));
        }
    }

    private void Forget(string table, string zone, IEnumerable<Bytes8> kept)
    {
        var keptIds = kept.ToHashSet();
        foreach (Bytes8 id in sql.Rows($"SELECT DISTINCT id FROM {table} WHERE zone = $1", static row => Bytes8.Read(StoreSql.Bytes(row, 0)), zone))
        {
            if (!keptIds.Contains(id)) sql.Run($"DELETE FROM {table} WHERE zone = $1 AND id = $2", zone, StoreSql.Bytes(id));
        }
    }
}
