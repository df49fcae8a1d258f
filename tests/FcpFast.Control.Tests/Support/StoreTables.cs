using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Tests.Support;

/// <summary>Looks into a store from beside its process: every row of every table, and whether anything was written.</summary>
internal sealed class StoreTables : IDisposable
{
    private readonly SqliteConnection _connection;
    private long _version;

    public StoreTables(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "state.db")};Mode=ReadOnly;Pooling=False");
        _connection.Open();
        _version = Version();
    }

    /// <summary>True if another connection has written since the last look.</summary>
    public bool HasChanged()
    {
        long before = _version;
        _version = Version();
        return before != _version;
    }

    /// <summary>All tables in the order of their names, all rows in the order in which they lie.</summary>
    public byte[] Dump()
    {
        var bytes = new MemoryStream();
        foreach (string table in Names())
        {
            using SqliteCommand command = Command($"SELECT * FROM {table}");
            using SqliteDataReader rows = command.ExecuteReader();
            Write(bytes, table);
            while (rows.Read())
            {
                for (int i = 0; i < rows.FieldCount; i++)
                {
                    if (rows.GetValue(i) is byte[] blob) bytes.Write(blob);
                    else Write(bytes, Convert.ToString(rows.GetValue(i), CultureInfo.InvariantCulture)!);
                    bytes.WriteByte((byte)'|');
                }
            }
        }

        return bytes.ToArray();
    }

    public void Dispose() => _connection.Dispose();

    private static void Write(Stream to, string text) => to.Write(Encoding.UTF8.GetBytes(text));

    private List<string> Names()
    {
        var names = new List<string>();
        using SqliteCommand command = Command("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
    }

    private long Version()
    {
        using SqliteCommand command = Command("PRAGMA data_version");
        return (long)command.ExecuteScalar()!;
    }

    private SqliteCommand Command(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // names come from the schema itself
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
