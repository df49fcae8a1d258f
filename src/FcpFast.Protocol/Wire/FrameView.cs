using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>An FCPS frame whose lengths are proven and whose content is not.</summary>
/// <remarks>
/// Shape:   a view of 114 bytes of header and <see cref="SymbolCount"/> records; owns nothing.
/// Cost:    no allocation; fields are read where they are asked for.
/// Source:  [WIRE §4.3], [WIRE §4.4].
/// </remarks>
public readonly ref struct FrameView
{
    private readonly ReadOnlySpan<byte> _frame;

    private FrameView(ReadOnlySpan<byte> frame) => _frame = frame;

    /// <summary>The flags; no reserved bit is set.</summary>
    public FrameFlags Flags => (FrameFlags)BinaryPrimitives.ReadUInt16LittleEndian(_frame[FcpsLayout.FlagsOffset..]);

    /// <summary>Records in the frame.</summary>
    public uint SymbolCount => BinaryPrimitives.ReadUInt32LittleEndian(_frame[FcpsLayout.SymbolCountOffset..]);

    /// <summary>Data bytes of each record; not 0.</summary>
    public int SymbolBytes => BinaryPrimitives.ReadUInt16LittleEndian(_frame[FcpsLayout.SymbolSizeOffset..]);

    /// <summary>The object that the symbols belong to.</summary>
    public ObjectId ObjectId => ObjectId.Read(_frame[FcpsLayout.ObjectIdOffset..]);

    /// <summary>The key that the symbols are sealed under.</summary>
    public ZoneKeyId ZoneKeyId => new(Bytes8.Read(_frame[FcpsLayout.ZoneKeyIdOffset..]));

    /// <summary>The zone.</summary>
    public ZoneIdHash ZoneIdHash => ReadZone(_frame);

    /// <summary>The zone of a frame that was parsed before.</summary>
    public static ZoneIdHash ReadZone(ReadOnlySpan<byte> frame) => new(Bytes32.Read(frame[FcpsLayout.ZoneIdHashOffset..]));

    /// <summary>The key epoch.</summary>
    public EpochId Epoch => new(BinaryPrimitives.ReadUInt64LittleEndian(_frame[FcpsLayout.EpochOffset..]));

    /// <summary>The sealing stream.</summary>
    public SenderInstanceId Instance => new(BinaryPrimitives.ReadUInt64LittleEndian(_frame[FcpsLayout.InstanceOffset..]));

    /// <summary>The number in that stream.</summary>
    public FrameSeq Seq => new(BinaryPrimitives.ReadUInt64LittleEndian(_frame[FcpsLayout.SeqOffset..]));

    /// <summary>True for a probe: no symbols, control plane, nothing but an echo asked for. [WIRE §8]</summary>
    public bool IsProbe => SymbolCount == 0 && (Flags & ~FrameFlags.Response) == FrameFlags.ControlPlane;

    /// <summary>Bytes from one record to the next.</summary>
    public int RecordBytes => SymbolBytes + FcpsLayout.RecordOverheadBytes;

    /// <summary>Where record <paramref name="index"/> starts in the frame.</summary>
    public int RecordOffset(int index) => FcpsLayout.HeaderBytes + (index * RecordBytes);

    /// <summary>Record <paramref name="index"/>.</summary>
    public SymbolRecordView Record(int index) => new(_frame.Slice(RecordOffset(index), RecordBytes));

    /// <summary>Checks F1 to F8.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="limitBytes">The longest frame taken.</param>
    /// <param name="view">The view, if accepted.</param>
    /// <remarks>
    /// Errors: <c>ExceedsMtu</c>, <c>TooShort</c>, <c>InvalidMagic</c>, <c>UnsupportedVersion</c>, <c>UnknownFlags</c>, <c>InvalidSymbolSize</c>,
    ///         <c>LengthMismatch</c>, <c>FrameSizeMismatch</c>, in this order; never throws.
    /// Cost:   O(1).
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> frame, int limitBytes, out FrameView view)
    {
        view = default;
        if (frame.Length > limitBytes) return FcpStatus.ExceedsMtu;
        FcpStatus status = FcpsHeader.Check(frame);
        if (status != FcpStatus.Accepted) return status;
        var candidate = new FrameView(frame);
        ulong payloadBytes = BinaryPrimitives.ReadUInt32LittleEndian(frame[FcpsLayout.PayloadBytesOffset..]);
        ulong expectedBytes = (ulong)candidate.SymbolCount * (ulong)candidate.RecordBytes; // below 2^49
        if (payloadBytes != expectedBytes) return FcpStatus.LengthMismatch;
        if ((ulong)frame.Length != FcpsLayout.HeaderBytes + expectedBytes) return FcpStatus.FrameSizeMismatch;
        view = candidate;
        return FcpStatus.Accepted;
    }

    /// <summary>A frame as long as one that was parsed, with the same header but for the number: what was found of that header holds for it.</summary>
    /// <param name="parsed">The frame that <see cref="Parse"/> has accepted.</param>
    /// <param name="frame">The whole frame.</param>
    /// <param name="view">The view, if it is so.</param>
    /// <remarks>Cost: one comparison of 106 bytes.</remarks>
    internal static bool TryFollow(scoped ReadOnlySpan<byte> parsed, ReadOnlySpan<byte> frame, out FrameView view)
    {
        bool follows = frame.Length == parsed.Length
            && frame.Length >= FcpsLayout.HeaderBytes
            && frame[..FcpsLayout.CommonHeaderBytes].SequenceEqual(parsed[..FcpsLayout.CommonHeaderBytes]);
        view = follows ? new FrameView(frame) : default;
        return follows;
    }

    /// <summary>Check F9: an ESI at most once in the frame.</summary>
    /// <remarks>
    /// Errors: <c>DuplicateEsi</c>.
    /// Cost:   one comparison a symbol when ESIs ascend, as they do from honest senders; else n log n, n being what the frame's length allows.
    /// Source: [REPLAY §2.3] step 1 (D3).
    /// </remarks>
    public FcpStatus CheckEsis()
    {
        uint previous = 0;
        for (int i = 0; i < SymbolCount; i++)
        {
            uint esi = Record(i).Esi;
            if (i > 0 && esi <= previous) return CheckUnorderedEsis();
            previous = esi;
        }

        return FcpStatus.Accepted;
    }

    /// <summary>The receive policy: V2's limits, and what the data plane does not carry.</summary>
    /// <remarks>
    /// Errors: <c>TooManySymbols</c>, <c>SymbolSizeOutOfRange</c>, <c>ExceedsMtu</c>, <c>NoSymbols</c>, <c>NotEncrypted</c>, <c>InvalidEsi</c>, <c>InvalidK</c>.
    ///         Probes are exempt from <c>NoSymbols</c> and <c>NotEncrypted</c>.
    /// Cost:   O(symbols), at most 256.
    /// Source: [WIRE §4.4], [WIRE §8].
    /// </remarks>
    public FcpStatus CheckPolicy()
    {
        if (SymbolCount > WireLimits.SymbolsPerFrameMax) return FcpStatus.TooManySymbols;
        if (SymbolBytes is < WireLimits.SymbolBytesMin or > WireLimits.SymbolBytesMax) return FcpStatus.SymbolSizeOutOfRange;
        if (_frame.Length > WireLimits.FrameBytesMax) return FcpStatus.ExceedsMtu;
        if (IsProbe) return FcpStatus.Accepted;
        if (SymbolCount == 0) return FcpStatus.NoSymbols;
        return (Flags & FrameFlags.Encrypted) == 0 ? FcpStatus.NotEncrypted : CheckRecordPolicy();
    }

    /// <summary>The part of <see cref="CheckPolicy"/> that the header does not decide: <c>InvalidEsi</c>, <c>InvalidK</c>.</summary>
    internal FcpStatus CheckRecordPolicy()
    {
        int count = (int)SymbolCount;
        for (int i = 0; i < count; i++)
        {
            SymbolRecordView record = Record(i);
            if (record.Esi >= WireLimits.EsiLimit) return FcpStatus.InvalidEsi;
            if (record.K == 0 || (i > 0 && record.K != Record(0).K)) return FcpStatus.InvalidK;
        }

        return FcpStatus.Accepted;
    }

    private FcpStatus CheckUnorderedEsis()
    {
        int count = (int)SymbolCount; // its records fit an int's worth of bytes
        // On the data plane the policy comes first and bounds the count; only a codec that is used without it allocates here.
        Span<uint> esis = count <= WireLimits.SymbolsPerFrameMax ? stackalloc uint[count] : new uint[count];
        for (int i = 0; i < count; i++) esis[i] = Record(i).Esi;
        esis.Sort();
        for (int i = 1; i < count; i++)
        {
            if (esis[i] == esis[i - 1]) return FcpStatus.DuplicateEsi;
        }

        return FcpStatus.Accepted;
    }
}
