using System;
using FcpFast.Mls;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Groups;

/// <summary>What a zone adds to the record of its group, in one write with it.</summary>
/// <remarks>
/// Shape:   map {mls, began, floor, commit, healed, wanted, welcome}; commit and welcome are the messages that began the epoch, empty where they are not
///          known; healed is when this node's own keys were fresh last, wanted whether fresh ones were asked for that no epoch has brought yet.
/// Source:  [WIRE §14].
/// </remarks>
internal sealed class ZoneGroupRecord(IMlsGroupStore? store) : IMlsGroupStore
{
    public ulong BeganUnixSeconds { get; set; }

    public ulong SerialFloor { get; set; }

    public ulong HealedUnixSeconds { get; set; }

    public bool WantsHealing { get; set; }

    public ReadOnlyMemory<byte> Commit { get; set; }

    public ReadOnlyMemory<byte> Welcome { get; set; }

    public bool Write(ReadOnlySpan<byte> record)
    {
        if (store is null) return true;
        if (record.IsEmpty) return store.Write(record);
        var writer = new CborWriter(record.Length + Commit.Length + Welcome.Length + 256);
        writer.BeginMap(7);
        writer.Key("mls"u8);
        writer.Bytes(record);
        writer.Key("began"u8);
        writer.Unsigned(BeganUnixSeconds);
        writer.Key("floor"u8);
        writer.Unsigned(SerialFloor);
        writer.Key("commit"u8);
        writer.Bytes(Commit.Span);
        writer.Key("healed"u8);
        writer.Unsigned(HealedUnixSeconds);
        writer.Key("wanted"u8);
        writer.Boolean(WantsHealing);
        writer.Key("welcome"u8);
        writer.Bytes(Welcome.Span);
        bool written = store.Write(writer.Written);
        writer.Reset(erase: true);
        return written;
    }

    /// <summary>Reads a record; the group's own part is a slice of it. Null if it is none.</summary>
    public static ZoneGroupRecord? Read(ReadOnlySpan<byte> record, IMlsGroupStore? store, out ReadOnlySpan<byte> mls)
    {
        mls = default;
        if (CanonicalCbor.Validate(record, CborLimits.ObjectBytesMax) != FcpStatus.Accepted) return null;
        CborMapReader map = CborMapReader.Open(record);
        mls = map.Bytes("mls"u8);
        var read = new ZoneGroupRecord(store)
        {
            BeganUnixSeconds = map.Unsigned("began"u8),
            SerialFloor = map.Unsigned("floor"u8),
            Commit = map.Bytes("commit"u8).ToArray(),
            HealedUnixSeconds = map.Unsigned("healed"u8),
            WantsHealing = map.Boolean("wanted"u8),
            Welcome = map.Bytes("welcome"u8).ToArray(),
        };
        return map.End() == FcpStatus.Accepted ? read : null;
    }
}
