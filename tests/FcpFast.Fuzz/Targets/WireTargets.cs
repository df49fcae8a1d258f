using System;
using System.Buffers;
using System.Collections.Generic;
using FcpFast.Fuzz.Corpora;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Tests.Support;
using FcpFast.Transport.Streams;

namespace FcpFast.Fuzz.Targets;

/// <summary>Bytes of the wire against a reading of the specification that knows nothing of the product's code.</summary>
/// <remarks>Source: [WIRE §4.3], [WIRE §4.4], [WIRE §6], [WIRE §9], [WIRE §16.7].</remarks>
internal static class WireTargets
{
    private const int DatagramBytesMax = 65_507;

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("datagram", Datagram, static () => VectorSeeds.Of("oracle_datagrams.json", "bytes", "datagram")) { AllocatedBytesMax = 256 },
        new("frame", Frame, static () => VectorSeeds.Of("oracle_frame_decode.json", "bytes", "frame", "oracle_frames.json")),
        new("signed_frame", SignedFrame, static () => VectorSeeds.Of("oracle_symbol_control.json", "bytes", "frame", "source")) { AllocatedBytesMax = 256 },
        new("fcpc", Fcpc, static () => VectorSeeds.Of("oracle_fcpc.json", "frame", "bytes")) { AllocatedBytesMax = 256 },
        new("stream", Stream, StreamSeeds),
    ];

    private static void Datagram(ReadOnlySpan<byte> input)
    {
        FcpStatus status = DatagramView.Parse(input, DatagramBytesMax, out DatagramView view);
        FuzzFinding.Unless((status == FcpStatus.Accepted) == input.Length is >= 40 and <= DatagramBytesMax, $"an envelope of {input.Length} bytes was {status}");
        if (status != FcpStatus.Accepted) return;
        FuzzFinding.Unless(view.Frame.Length == input.Length - 40 && view.Frame.SequenceEqual(input[40..]), "the frame is what lies behind the envelope");
        FcpStatus expected = DatagramOracle.JudgeFormat(view.Frame);
        if (expected == FcpStatus.Accepted && !view.Frame.Slice(106, 8).SequenceEqual(input.Slice(16, 8))) expected = FcpStatus.SeqMismatch;
        FcpStatus found = view.ParseFrame(out _);
        FuzzFinding.Unless(found == expected, $"the frame was {found}, not {expected}");
    }

    private static void Frame(ReadOnlySpan<byte> input)
    {
        FcpStatus expected = DatagramOracle.JudgeFormat(input), found = FrameView.Parse(input, WireLimits.FrameBytesMax, out FrameView frame);
        FuzzFinding.Unless(found == expected, $"the form was {found}, not {expected}");
        FcpStatus header = FcpsHeader.Parse(input, out FcpsHeader parsed);
        if (found != FcpStatus.Accepted) return;
        FuzzFinding.Unless(header == FcpStatus.Accepted, "a frame that decodes has a header that decodes");
        byte[] written = new byte[114];
        parsed.Write(written);
        FuzzFinding.Unless(input[..114].SequenceEqual(written), "a header is written as it was read");
        FcpStatus policy = frame.CheckPolicy();
        if (policy == FcpStatus.Accepted) policy = frame.CheckEsis();
        expected = DatagramOracle.JudgePolicy(input, out bool isProbe);
        FuzzFinding.Unless(policy == expected && frame.IsProbe == isProbe, $"the policy was {policy}, not {expected}");
        for (int i = 0; i < frame.SymbolCount; i++) FuzzFinding.Unless(!frame.Record(i).Data.IsEmpty, "a symbol has data");
        _ = frame.CheckEsis(); // the codec alone, without the policy's bound
    }

    private static void SignedFrame(ReadOnlySpan<byte> input)
    {
        if (SignedFrameView.Parse(input, WireLimits.FrameBytesMax, out SignedFrameView view) != FcpStatus.Accepted) return;
        int bytes = 2 + view.SourceId.Length + 8 + view.Signature.Length + view.Frame.Length;
        FuzzFinding.Unless(bytes == input.Length && view.Signature.Length == 64 && view.Frame.Length >= 114, "the parts make the whole");
    }

    private static void Fcpc(ReadOnlySpan<byte> input)
    {
        FcpStatus status = FcpcHeader.ParseFrame(input, FcpcHeader.CiphertextBytesMax, out FcpcHeader header);
        if (status != FcpStatus.Accepted) return;
        FuzzFinding.Unless(header.CiphertextBytes == input.Length - 52, "the length is that of the ciphertext");
        Span<byte> written = stackalloc byte[FcpcHeader.HeaderBytes];
        header.Write(written);
        FuzzFinding.Unless(input[..FcpcHeader.HeaderBytes].SequenceEqual(written), "a header is written as it was read");
    }

    /// <summary>The first byte tells where the rest is cut in two: how bytes come in must not matter.</summary>
    private static void Stream(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        byte[] bytes = input[1..].ToArray();
        int cut = Math.Min(input[0], bytes.Length);
        var first = new Piece(bytes.AsMemory(0, cut), null);
        var second = new Piece(bytes.AsMemory(cut), first);
        var whole = new ReadOnlySequence<byte>(bytes);
        var split = new ReadOnlySequence<byte>(first, 0, second, bytes.Length - cut);
        FcpStatus status = StreamFraming.ParseHead(whole, FcpcHeader.CiphertextBytesMax, out StreamHead head, out bool needsMore);
        FcpStatus again = StreamFraming.ParseHead(split, FcpcHeader.CiphertextBytesMax, out StreamHead same, out bool alsoNeedsMore);
        FuzzFinding.Unless(status == again && head == same && needsMore == alsoNeedsMore, "where the bytes are cut changes what they say");
        FuzzFinding.Unless(!needsMore || bytes.Length < FcpcHeader.HeaderBytes, "a head is at most 36 bytes");
        if (status == FcpStatus.Accepted) FuzzFinding.Unless(head.MessageBytes is > 0 and <= FcpcHeader.CiphertextBytesMax + FcpcHeader.OverheadBytes, "a message has its bounds");
    }

    private static IEnumerable<byte[]> StreamSeeds()
    {
        foreach (byte[] frame in VectorSeeds.Of("oracle_fcpc.json", "frame")) yield return [20, .. frame];
        yield return [2, 16, 0, 0, 0, 0xA4];
        yield return [0, 0, 0x40, 0, 0];
        yield return [0, 1, 0x40, 0, 0];
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.Memory.Length;
            before.Next = this;
        }
    }
}
