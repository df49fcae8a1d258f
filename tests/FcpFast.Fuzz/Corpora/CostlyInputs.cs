using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Fuzz.Targets;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;

namespace FcpFast.Fuzz.Corpora;

/// <summary>Inputs that ask for as much work or memory as their length lets them: claims that nothing stands behind, and as many of the cheapest items as fit.</summary>
/// <remarks>Each is held against the target's bound on what a run may allocate.</remarks>
internal static class CostlyInputs
{
    private const int ManyBytes = 16_000;

    /// <summary>The inputs of one target, by what they try.</summary>
    public static IEnumerable<(string Name, byte[] Input)> Of(string target) => target switch
    {
        "frame" =>
        [
            ("most-symbols", Frame(uint.MaxValue, 1)),
            ("product-overflows", Frame(0x0B21_642D, 0xFFFF)),
            ("smallest-records", [.. Frame(690, 1), .. Enumerable.Range(0, 690).SelectMany(static i => (byte[])[(byte)((690 - i) & 0xFF), (byte)((690 - i) >> 8), 0, 0, 1, .. new byte[18]])]),
        ],
        "cbor" =>
        [
            ("array-claims-2-32", [0x9A, 0xFF, 0xFF, 0xFF, 0xFF]),
            ("array-claims-2-64", [0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            ("map-claims-2-31", [0xBA, 0x7F, 0xFF, 0xFF, 0xFF]),
            ("text-claims-2-63", [0x7B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            ("deep", Enumerable.Repeat((byte)0x81, ManyBytes).ToArray()),
            ("deep-maps", Enumerable.Repeat((byte[])[0xA1, 0x61, 0x61], ManyBytes / 3).SelectMany(static item => item).ToArray()),
            ("many-empty-arrays", [0x99, ManyBytes >> 8, (byte)(ManyBytes & 0xFF), .. Enumerable.Repeat((byte)0x80, ManyBytes)]),
            ("many-empty-texts", [0x99, ManyBytes >> 8, (byte)(ManyBytes & 0xFF), .. Enumerable.Repeat((byte)0x60, ManyBytes)]),
        ],
        "mls" =>
        [
            ("tree-of-blanks", [MlsTargets.NumberOf<RatchetTree>(), .. Vector(new byte[ManyBytes])]),
            ("tree-claims-2-30", [MlsTargets.NumberOf<RatchetTree>(), 0xBF, 0xFF, 0xFF, 0xFF]),
            ("commit-of-references", [MlsTargets.NumberOf<Commit>(), .. Vector(Enumerable.Repeat((byte[])[2, 0], ManyBytes / 2)), 0]),
            ("commit-of-removals", [MlsTargets.NumberOf<Commit>(), .. Vector(Enumerable.Repeat((byte[])[1, 0, 3, 0, 0, 0, 0], ManyBytes / 7)), 0]),
            ("welcome-of-empty-secrets", [MlsTargets.NumberOf<Welcome>(), 0, 3, .. Vector(Enumerable.Repeat(new byte[3], ManyBytes / 3)), 0]),
            ("parent-of-many-unmerged", [MlsTargets.NumberOf<ParentNode>(), 0, 0, .. Vector(Enumerable.Range(0, ManyBytes / 4).Select(static i => (byte[])[0, 0, (byte)(i >> 8), (byte)(i & 0xFF)]))]),
            ("context-of-many-extensions", [MlsTargets.NumberOf<GroupContext>(), 0, 1, 0, 3, 0, .. new byte[8], 0, 0, .. Vector(Enumerable.Range(10, ManyBytes / 3).Select(static i => (byte[])[(byte)(i >> 8), (byte)(i & 0xFF), 0]))]),
        ],
        "records" =>
        [
            ("file-of-empty-items", [11, .. Enumerable.Repeat((byte)0x40, ManyBytes)]),
            ("file-claims-2-32", [11, 0x5A, 0xFF, 0xFF, 0xFF, 0xFF]),
        ],
        "stream" => [("control-claims-4-gib", [40, .. "FCPC"u8, 1, 0, .. new byte[24], 1, 0, 0xFF, 0xFF, 0xFF, 0xFF]), ("handshake-claims-4-gib", [0, 0xFF, 0xFF, 0xFF, 0xFF])],
        _ => [],
    };

    private static byte[] Frame(uint symbols, ushort symbolBytes)
    {
        byte[] frame = new byte[114];
        "FCPS\u0001\0\u0004\u0004"u8.CopyTo(frame);
        BitConverter.TryWriteBytes(frame.AsSpan(8), symbols);
        BitConverter.TryWriteBytes(frame.AsSpan(12), unchecked(symbols * (22u + symbolBytes)));
        BitConverter.TryWriteBytes(frame.AsSpan(48), symbolBytes);
        return frame;
    }

    private static byte[] Vector(IEnumerable<byte[]> items) => Vector(items.SelectMany(static item => item).ToArray());

    /// <summary>A vector of MLS with a length of two bytes.</summary>
    private static byte[] Vector(byte[] content) => [(byte)(0x40 | (content.Length >> 8)), (byte)(content.Length & 0xFF), .. content];
}
