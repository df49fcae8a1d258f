using FcpFast.Control.Groups;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>Writes what becomes of a zone's group.</summary>
/// <remarks>
/// Shape:  of the messages that manifests name the newest <see cref="MessagesMax"/> a zone stay, and no more than <see cref="MessageBytesMax"/> of them; as many of those
///         that wait, and of one source's no more than <see cref="SourceMessagesMax"/> and <see cref="SourceBytesMax"/>: who sends more pushes out its own. Of key packages
///         one a node, the newest <see cref="KeyPackagesMax"/>; of grants the newest <see cref="GrantsMax"/>. Who misses what has gone must be added anew.
/// Source: [WIRE §14].
/// </remarks>
internal sealed class StoreGroupWriter(StoreSql sql, StoreSeal seal)
{
    public const int MessagesMax = 512;
    public const long MessageBytesMax = 64 * 1024 * 1024;
    public const int SourceMessagesMax = 64;
    public const long SourceBytesMax = 8 * 1024 * 1024;
    public const int KeyPackagesMax = 1024;
    public const int GrantsMax = 1024;

    private const string Packages = " AND kind = 1", Others = " AND kind <> 1"; // GroupMessageKind.KeyPackage

    public void Write(GroupChange change)
    {
        string zone = change.Zone.ToString();
        if (change.Record is { } record)
        {
            if (record.IsEmpty) sql.Run("DELETE FROM zone_group WHERE zone = $1", zone);
            else sql.Run("INSERT OR REPLACE INTO zone_group VALUES ($1, $2)", zone, seal.SealRecord(zone, record.Span));
        }

        if (change.ForgetsOffered) sql.Run("DELETE FROM key_package WHERE zone = $1", zone);
        if (change.Offered is { } offered)
        {
            sql.Run(
                "INSERT OR REPLACE INTO key_package VALUES ($1, $2, $3, $4, $5)", zone, StoreSql.Signed(change.OfferedAtUnixSeconds), offered.Message.ToArray(),
                seal.Seal("key_package", zone, "init"u8, 0, offered.Init), seal.Seal("key_package", zone, "leaf"u8, 0, offered.Encryption));
        }

        if (!change.Added.IsEmpty)
        {
            sql.Run(
                "UPDATE group_message SET kind = 0, record = x'', node = '' WHERE zone = $1 AND kind = $2 AND node = $3", zone, (int)GroupMessageKind.KeyPackage,
                change.Added.ToString()); // its id stays, so that it is known when it comes again
        }

        foreach (GroupMessage message in change.Messages) Write(zone, message, message.Kind == GroupMessageKind.KeyPackage ? change.Offerer : change.Source);
        foreach (ObjectId id in change.Ordered) sql.Run($"UPDATE group_message SET node = '' WHERE zone = $1 AND id = $2{Others}", zone, StoreSql.Bytes(id.Value));
        if (change.Messages.Length + change.Ordered.Length > 0) Trim(zone, change.Source);
        foreach (HeldGrant held in change.Grants)
        {
            sql.Run(
                "INSERT OR IGNORE INTO membership_grant VALUES ($1, $2, $3, $4)", zone, StoreSql.Signed(held.Grant.Serial), StoreSql.Signed(held.TakenAtUnixSeconds),
                held.Grant.Encoded.ToArray());
        }

        if (change.GrantsDoneTo > 0) sql.Run("DELETE FROM membership_grant WHERE zone = $1 AND serial <= $2", zone, StoreSql.Signed(change.GrantsDoneTo));
        if (change.Grants.Length > 0) Keep("membership_grant", "serial", zone, "", GrantsMax);
    }

    /// <summary>A message with whose it is: a key package its offerer's, else the one who sent what no manifest names yet; nobody's if this node made or was given it.</summary>
    private void Write(string zone, GroupMessage message, NodeId whose)
    {
        string node = whose.IsEmpty ? "" : whose.ToString();
        if (message.Kind == GroupMessageKind.KeyPackage && node.Length > 0)
        {
            sql.Run("DELETE FROM group_message WHERE zone = $1 AND kind = $2 AND node = $3", zone, (int)GroupMessageKind.KeyPackage, node);
        }

        sql.Run(
            "INSERT OR IGNORE INTO group_message VALUES ($1, $2, (SELECT 1 + COALESCE(MAX(place), 0) FROM group_message WHERE zone = $1), $3, $4, $5, $6)", zone,
            StoreSql.Bytes(message.Id.Value), (int)message.Kind, StoreSql.Signed(message.Epoch), node, message.Encoded.ToArray());
    }

    private void Trim(string zone, NodeId source)
    {
        Keep("group_message", "place", zone, Packages, KeyPackagesMax);
        if (!source.IsEmpty) Trim(zone, $"{Others} AND node = $2", source.ToString(), SourceMessagesMax, SourceBytesMax);
        Trim(zone, $"{Others} AND node <> $2", "", MessagesMax, MessageBytesMax);
        Trim(zone, $"{Others} AND node = $2", "", MessagesMax, MessageBytesMax);
    }

    /// <summary>The oldest go until the rest fits; the newest always stays.</summary>
    private void Trim(string zone, string which, string node, int messages, long bytes)
    {
        Keep("group_message", "place", zone, which, messages, node);
        while ((long?)sql.Value($"SELECT SUM(LENGTH(record)) FROM group_message WHERE zone = $1{which}", zone, node) > bytes)
        {
            int gone = sql.Run(
                $"""
                DELETE FROM group_message WHERE zone = $1{which} AND place = (SELECT MIN(place) FROM group_message WHERE zone = $1{which})
                    AND place < (SELECT MAX(place) FROM group_message WHERE zone = $1{which})
                """, zone, node);
            if (gone == 0) return;
        }
    }

    private void Keep(string table, string order, string zone, string which, int rows, string node = "") => sql.Run(
        $"DELETE FROM {table} WHERE zone = $1{which} AND {order} <= (SELECT {order} FROM {table} WHERE zone = $1{which} ORDER BY {order} DESC LIMIT 1 OFFSET $3)",
        zone, node, (long)rows);
}
