namespace FcpFast.Protocol.Wire;

/// <summary>Where the fields of an FCPS frame stand.</summary>
/// <remarks>
/// <code>
/// offset size field                         offset size field
///      0    4 magic "FCPS"                      50    8 zone_key_id
///      4    2 version, u16 LE = 1               58   32 zone_id_hash
///      6    2 flags, u16 LE                     90    8 epoch_id, u64 LE
///      8    4 symbol_count, u32 LE              98    8 sender_instance_id, u64 LE
///     12    4 total_payload_len, u32 LE        106    8 frame_seq, u64 LE
///     16   32 object_id                        114      symbol records
///     48    2 symbol_size, u16 LE
///
/// record: esi u32 LE, k u16 LE, data[symbol_size], tag[16]
/// </code>
/// Source: [WIRE §4.1].
/// </remarks>
public static class FcpsLayout
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 114;

    /// <summary>Bytes of a record before its data.</summary>
    public const int RecordHeadBytes = 6;

    /// <summary>Bytes of a record beside its data.</summary>
    public const int RecordOverheadBytes = RecordHeadBytes + 16;

    /// <summary>The only version.</summary>
    public const ushort Version = 1;

    internal const uint Magic = 0x53504346; // "FCPS" read little-endian
    internal const int VersionOffset = 4;
    internal const int FlagsOffset = 6;
    internal const int SymbolCountOffset = 8;
    internal const int PayloadBytesOffset = 12;
    internal const int ObjectIdOffset = 16;
    internal const int SymbolSizeOffset = 48;
    internal const int ZoneKeyIdOffset = 50;
    internal const int ZoneIdHashOffset = 58;
    internal const int EpochOffset = 90;
    internal const int InstanceOffset = 98;
    internal const int SeqOffset = 106;

    /// <summary>What frames of a run have in common: all of the header but the number, which stands last.</summary>
    internal const int CommonHeaderBytes = SeqOffset;
    internal const int RecordKOffset = 4;
}
