using System;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>The tables of a store, as steps from one version to the next: a step that has shipped never changes.</summary>
internal static class StoreSchema
{
    /// <summary>"FCPS", so that another program's file is told at once.</summary>
    public const int ApplicationId = 0x46435053;

    /// <summary>Step n leads from version n to version n + 1.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE store (
            one INTEGER PRIMARY KEY CHECK (one = 1), store_id BLOB NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL,
            owner_key BLOB NOT NULL, agreement_key BLOB NOT NULL, writes INTEGER NOT NULL,
            generation INTEGER NOT NULL, boot_id TEXT NOT NULL, host_id TEXT NOT NULL, started_at INTEGER NOT NULL,
            key_kind TEXT NOT NULL, key_salt BLOB, key_passes INTEGER, key_memory_kib INTEGER, key_sealed BLOB NOT NULL) STRICT;
        CREATE TABLE secret (name TEXT PRIMARY KEY, since INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
        CREATE TABLE attestation (node TEXT PRIMARY KEY, record BLOB NOT NULL) STRICT;
        CREATE TABLE revocation (rank INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT;
        CREATE TABLE statement (node TEXT PRIMARY KEY, record BLOB NOT NULL) STRICT;
        CREATE TABLE zone (
            zone TEXT PRIMARY KEY, floor_valid_from INTEGER, floor_created_at INTEGER, awaits_healing INTEGER NOT NULL, profile BLOB,
            active BLOB, may_seal INTEGER NOT NULL, retain_epochs INTEGER NOT NULL, epoch_high INTEGER NOT NULL) STRICT;
        CREATE TABLE profile (
            zone TEXT NOT NULL, digest BLOB NOT NULL, place INTEGER NOT NULL, content BLOB NOT NULL, record BLOB,
            PRIMARY KEY (zone, digest)) STRICT;
        CREATE TABLE manifest (
            zone TEXT NOT NULL, content BLOB NOT NULL, place INTEGER NOT NULL, is_evidence INTEGER NOT NULL, digest BLOB NOT NULL,
            valid_from INTEGER NOT NULL, created_at INTEGER NOT NULL, zone_key BLOB NOT NULL, previous_zone_key BLOB,
            object_id_key BLOB NOT NULL, algorithm INTEGER NOT NULL, policy BLOB NOT NULL, members TEXT NOT NULL, has_keys INTEGER NOT NULL,
            record BLOB, PRIMARY KEY (zone, content)) STRICT;
        CREATE TABLE named_evidence (zone TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (zone, digest)) STRICT;
        CREATE TABLE zone_key_fact (
            zone TEXT NOT NULL, id BLOB NOT NULL, place INTEGER NOT NULL, algorithm INTEGER NOT NULL, ratchets INTEGER NOT NULL,
            first_valid_from INTEGER NOT NULL, key_check BLOB, PRIMARY KEY (zone, id)) STRICT;
        CREATE TABLE object_id_key_fact (
            zone TEXT NOT NULL, id BLOB NOT NULL, place INTEGER NOT NULL, key_check BLOB NOT NULL, PRIMARY KEY (zone, id)) STRICT;
        CREATE TABLE zone_key (
            zone TEXT NOT NULL, id BLOB NOT NULL, place INTEGER NOT NULL, algorithm INTEGER NOT NULL, seals_from INTEGER NOT NULL,
            erased_at INTEGER, chain_first INTEGER, chain_retain INTEGER, chain_high INTEGER, chain_epoch INTEGER, sealed BLOB NOT NULL, only_epoch INTEGER,
            PRIMARY KEY (zone, id)) STRICT;
        CREATE TABLE epoch_key (
            zone TEXT NOT NULL, id BLOB NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (zone, id, epoch)) STRICT;
        CREATE TABLE object_id_key (
            zone TEXT NOT NULL, id BLOB NOT NULL, place INTEGER NOT NULL, erased_at INTEGER, sealed BLOB NOT NULL,
            PRIMARY KEY (zone, id)) STRICT;
        CREATE TABLE content_stream (
            zone BLOB NOT NULL, zone_key BLOB NOT NULL, source TEXT NOT NULL, instance INTEGER NOT NULL, is_direct INTEGER NOT NULL,
            symbols INTEGER NOT NULL, bodies INTEGER NOT NULL, PRIMARY KEY (zone, zone_key, source, instance)) STRICT, WITHOUT ROWID;
        CREATE TABLE content_epoch (zone BLOB PRIMARY KEY, epoch_high INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE TABLE zone_group (zone TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
        CREATE TABLE key_package (
            zone TEXT PRIMARY KEY, made_at INTEGER NOT NULL, message BLOB NOT NULL, init BLOB NOT NULL, encryption BLOB NOT NULL) STRICT;
        CREATE TABLE group_message (
            zone TEXT NOT NULL, id BLOB NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL, epoch INTEGER NOT NULL, node TEXT NOT NULL,
            record BLOB NOT NULL, PRIMARY KEY (zone, id)) STRICT;
        CREATE TABLE membership_grant (
            zone TEXT NOT NULL, serial INTEGER NOT NULL, taken_at INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (zone, serial)) STRICT;
        """,
        """
        CREATE TABLE kept_session (
            id BLOB PRIMARY KEY, peer TEXT NOT NULL, initiator INTEGER NOT NULL, suite INTEGER NOT NULL, datagram_max INTEGER NOT NULL,
            created_at INTEGER NOT NULL, control_limit INTEGER NOT NULL, frames_sent INTEGER NOT NULL, frames_received INTEGER NOT NULL,
            bytes_sent INTEGER NOT NULL, bytes_received INTEGER NOT NULL, failed INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
        CREATE TABLE kept_lane (
            session BLOB NOT NULL, instance INTEGER NOT NULL, zone BLOB NOT NULL, zone_key BLOB NOT NULL, ceiling INTEGER NOT NULL,
            PRIMARY KEY (session, instance)) STRICT, WITHOUT ROWID;
        """,
    ];

    /// <summary>The version that this build writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings an open database to the present version; nothing if it has it.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="path">Its file, for words.</param>
    public static void Migrate(SqliteConnection connection, string path)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        var sql = new StoreSql(connection, transaction);
        int found = RequireKnown(sql, path);
        if (found == Version) return;
        for (int step = found; step < Version; step++) sql.Run(Steps[step]);
        sql.Run($"PRAGMA application_id = {ApplicationId}");
        sql.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        transaction.Commit();
    }

    /// <summary>The version of an open database; refused if it is of a later build or of another program.</summary>
    public static int RequireKnown(StoreSql sql, string path)
    {
        int application = Convert.ToInt32(sql.Value("PRAGMA application_id"), CultureInfo.InvariantCulture);
        int found = Convert.ToInt32(sql.Value("PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (application != ApplicationId && found + application != 0)
        {
            throw new StateStoreException(path, "this is a database of another program", "name the state directory of a node or an owner");
        }

        if (found <= Version) return found;
        throw new StateStoreException(
            path, $"its format is {found}, this build knows up to {Version}", "use the build that wrote it, or a later one");
    }
}
