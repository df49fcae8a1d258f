using System;
using System.Collections.Generic;
using System.Globalization;
using FcpFast.Protocol.Ids;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>Statements over one connection, their values bound by position.</summary>
/// <remarks>Shape: u64 values are kept as SQLite's signed 64 bits; the sign means nothing.</remarks>
internal sealed class StoreSql(SqliteConnection connection, SqliteTransaction? transaction = null)
{
    public static long Signed(ulong value) => unchecked((long)value);

    public static ulong Unsigned(SqliteDataReader row, int column) => unchecked((ulong)row.GetInt64(column));

    public static ulong? UnsignedOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Unsigned(row, column);

    public static ulong ToUnsigned(object? value) => unchecked((ulong)((long?)value ?? 0));

    public static byte[]? BytesOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Bytes(row, column);

    public static byte[] Bytes(SqliteDataReader row, int column) => (byte[])row.GetValue(column);

    public static byte[] Bytes(Bytes8 value)
    {
        byte[] bytes = new byte[Bytes8.Length];
        value.Write(bytes);
        return bytes;
    }

    public static byte[] Bytes(Bytes16 value)
    {
        byte[] bytes = new byte[Bytes16.Length];
        value.Write(bytes);
        return bytes;
    }

    public static byte[] Bytes(Bytes32 value)
    {
        byte[] bytes = new byte[Bytes32.Length];
        value.Write(bytes);
        return bytes;
    }

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Prepare(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; null if there is none.</summary>
    public object? Value(string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Prepare(sql, values);
        object? value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    /// <summary>Every row, read by a function.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Prepare(sql, values);
        using SqliteDataReader rows = command.ExecuteReader();
        var result = new List<T>();
        while (rows.Read()) result.Add(read(rows));
        return result;
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
#pragma warning disable CA2100 // every statement is a constant of this room; values are bound, never spelled
        var command = new SqliteCommand(sql, connection, transaction);
#pragma warning restore CA2100
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue((i + 1).ToString("'$'0", CultureInfo.InvariantCulture), values[i] ?? DBNull.Value);
        }

        return command;
    }
}
