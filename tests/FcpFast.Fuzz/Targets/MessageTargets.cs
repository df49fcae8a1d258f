using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Records;
using FcpFast.Fuzz.Corpora;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Oracles;

namespace FcpFast.Fuzz.Targets;

/// <summary>Messages in canonical CBOR: what is accepted is written again to the last byte, and no byte more or less is accepted.</summary>
/// <remarks>Source: [WIRE §3], [WIRE §7.1], [WIRE §7.2], [WIRE §16], [WIRE §16.8], [WIRE §16.9], [WIRE §17].</remarks>
internal static class MessageTargets
{
    private static readonly (SchemaId Schema, ParsePayload Parse)[] Bodies =
    [
        (Schemas.Ping, Whole<PingBody>(PingBody.Parse, static (body, again) => body.Write(again))),
        (Schemas.SymbolRequest, Request),
        (Schemas.DecodeStatus, Decode),
        (Schemas.SymbolAck, Ack),
        (Schemas.Sealed, Sealed),
        (Schemas.Stream, static (payload, _) => StreamBody.Parse(payload)),
        (Schemas.File, Whole<FileBody>(FileBody.Parse, static (body, again) => body.Write(again))),
        (Schemas.Segment, Whole<SegmentBody>(SegmentBody.Parse, static (body, again) => body.Write(again))),
        (Schemas.TransferStatus, Status),
        (Schemas.ManifestRequest, Whole<ManifestRequest>(ManifestRequest.Parse, static (body, again) => body.Write(again))),
        (Schemas.Fence, Whole<FenceBody>(FenceBody.Parse, static (body, again) => body.Write(again))),
        (Schemas.StreamNotice, Whole<StreamNotice>(StreamNotice.Parse, static (body, again) => body.Write(again))),
        (Control.Identities.ControlSchemas.RecordRequest, Whole<RecordRequest>(RecordRequest.Parse, static (body, again) => body.Write(again))),
    ];

    private static readonly SearchValues<byte> Canonical = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._:-"u8);

    private delegate FcpStatus Reader<T>(ReadOnlySpan<byte> payload, out T body)
        where T : allows ref struct;

    private delegate FcpStatus ParsePayload(ReadOnlySpan<byte> payload, CborWriter again);

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("cbor", Cbor, static () => VectorSeeds.Of("oracle_cbor.json", "cbor", "bytes", "payload")) { AllocatedPerInputByte = 512 },
        new("handshake_messages", Handshake, static () => VectorSeeds.Of("oracle_session.json", "bytes", "message", "hello", "ack", "cbor")),
        new("control_messages", Body, BodySeeds),
        new("chunk_manifest", ChunkManifest, static () => VectorSeeds.Of("oracle_objects.json", "bytes", "manifest", "cbor")),
        new("text_ids", TextIds, static () => VectorSeeds.TextsOf("oracle_hashes.json")),
    ];

    private static void Cbor(ReadOnlySpan<byte> input)
    {
        byte[] copy = input.ToArray();
        bool expected = CborOracle.Accepts(copy);
        FcpStatus status = CanonicalCbor.Validate(input, CborLimits.ManifestBytesMax);
        FuzzFinding.Unless((status == FcpStatus.Accepted) == expected, $"the verdict is {status}, System.Formats.Cbor {(expected ? "accepts" : "refuses")} it");
        FcpStatus first = CanonicalCbor.ValidateFirst(input, CborLimits.ManifestBytesMax, out int itemBytes);
        FuzzFinding.Unless(itemBytes >= 0 && itemBytes <= input.Length, "an item lies within the input");
        if (first == FcpStatus.Accepted) FuzzFinding.Unless(CborOracle.Accepts(copy[..itemBytes]), "the first item of a sequence is an item");
        if (status == FcpStatus.Accepted) FuzzFinding.Unless(first == FcpStatus.Accepted && itemBytes == input.Length, "an item is its own first item");
    }

    private static void Handshake(ReadOnlySpan<byte> input)
    {
        var again = new CborWriter(512);
        if (HelloMessage.Parse(input, out HelloMessage hello) == FcpStatus.Accepted)
        {
            hello.Write(again);
            Require(input, again, "a Hello");
            hello.WriteTranscript(again.Reset());
            hello.WriteCookieInput(again.Reset());
        }

        if (AckMessage.Parse(input, out AckMessage ack) == FcpStatus.Accepted)
        {
            ack.Write(again.Reset());
            Require(input, again, "an Ack");
        }

        if (HelloRetryMessage.Parse(input, out HelloRetryMessage retry) != FcpStatus.Accepted) return;
        retry.Write(again.Reset());
        Require(input, again, "a HelloRetry");
    }

    /// <summary>The first byte tells the schema, the rest is the map: so the fuzzer need not guess hashes.</summary>
    private static void Body(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        (SchemaId schema, ParsePayload parse) = Bodies[input[0] % Bodies.Length];
        var payload = new CborWriter(input.Length + 64);
        payload.BeginPayload(schema.ComputeHash());
        payload.Raw(input[1..]);
        var again = new CborWriter(input.Length + 64);
        FcpStatus status = parse(payload.Written, again);
        FuzzFinding.Unless(status != FcpStatus.Undecided, $"{schema} was left undecided");
        if (status != FcpStatus.Accepted) return;
        if (again.Written.Length > 0) Require(payload.Written, again, schema.ToString());
        FuzzFinding.Unless(parse(payload.Written[..^1], again.Reset()) != FcpStatus.Accepted, $"{schema} is accepted with a byte less");
        payload.Raw([0]);
        FuzzFinding.Unless(parse(payload.Written, again.Reset()) != FcpStatus.Accepted, $"{schema} is accepted with a byte more");
    }

    private static void ChunkManifest(ReadOnlySpan<byte> input)
    {
        if (ChunkedObjectManifest.Parse(input, out ChunkedObjectManifest manifest) != FcpStatus.Accepted) return;
        FuzzFinding.Unless(manifest.ChunkCount > 0, "an object has a chunk");
        ulong sum = 0;
        for (int i = 0; i < manifest.ChunkCount; i++)
        {
            FuzzFinding.Unless(manifest.OffsetOf(i) == sum && manifest.BytesOf(i) > 0, "chunks lie side by side");
            sum += (ulong)manifest.BytesOf(i);
            _ = manifest.ChunkId(i);
        }

        FuzzFinding.Unless(sum == manifest.TotalBytes, "the chunks make the object");
    }

    private static void TextIds(ReadOnlySpan<byte> input)
    {
        if (NodeId.Parse(input, out NodeId node) == FcpStatus.Accepted)
        {
            FuzzFinding.Unless(node.Matches(input) && input.Length is >= 1 and <= 128 && !input.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E), "a node id");
        }

        if (ZoneId.Parse(input, out ZoneId zone) == FcpStatus.Accepted)
        {
            FuzzFinding.Unless(zone.Matches(input) && input.Length is > 2 and <= 64 && input.StartsWith("z:"u8), "a zone id");
        }

        string text = System.Text.Encoding.Latin1.GetString(input);
        if (SchemaId.Parse(text, out SchemaId? schema) == FcpStatus.Accepted) FuzzFinding.Unless(schema!.ToString() == text, "a schema id is written as it was read");
        if (ObjectId.Parse(input, out ObjectId id) == FcpStatus.Accepted) FuzzFinding.Unless(id.ToString() == text, "an object id is written as it was read");
        FcpStatus canonical = CanonicalId.Check(input);
        bool isCanonical = input.Length is >= 1 and <= 128 && (char.IsAsciiLetterLower((char)input[0]) || char.IsAsciiDigit((char)input[0]))
            && !input.ContainsAnyExcept(Canonical);
        FuzzFinding.Unless((canonical == FcpStatus.Accepted) == isCanonical, $"a canonical id was {canonical}");
        _ = FileName.Check(input);
    }

    /// <summary>A message that holds all that came, so that it is written again as it was.</summary>
    private static ParsePayload Whole<T>(Reader<T> read, Action<T, CborWriter> write)
        where T : allows ref struct => (payload, again) =>
    {
        FcpStatus status = read(payload, out T body);
        if (status == FcpStatus.Accepted) write(body, again);
        return status;
    };

    private static FcpStatus Request(ReadOnlySpan<byte> payload, CborWriter again)
    {
        FcpStatus status = SymbolRequest.Parse(payload, out SymbolRequest message);
        if (status != FcpStatus.Accepted) return status;
        message.WriteTranscript(again); // what its sender wrote into the header is not kept, so the message cannot be written again
        again.Reset();
        return status;
    }

    private static FcpStatus Decode(ReadOnlySpan<byte> payload, CborWriter again)
    {
        FcpStatus status = DecodeStatus.Parse(payload, out DecodeStatus message);
        if (status == FcpStatus.Accepted) message.WriteTranscript(again);
        again.Reset();
        return status;
    }

    private static FcpStatus Ack(ReadOnlySpan<byte> payload, CborWriter again)
    {
        FcpStatus status = SymbolAck.Parse(payload, out SymbolAck message);
        if (status == FcpStatus.Accepted) message.WriteTranscript(again);
        again.Reset();
        return status;
    }

    private static FcpStatus Sealed(ReadOnlySpan<byte> payload, CborWriter again)
    {
        FcpStatus status = SealedBody.Parse(payload, out SealedBody body);
        if (status != FcpStatus.Accepted) return status;
        byte[] associated = new byte[body.AssociatedDataBytes];
        int bytes = body.WriteAssociatedData(associated);
        FuzzFinding.Unless(bytes == associated.Length && CanonicalCbor.Validate(associated, associated.Length) == FcpStatus.Accepted, "what the seal binds is canonical");
        return status;
    }

    private static FcpStatus Status(ReadOnlySpan<byte> payload, CborWriter again)
    {
        FcpStatus parsed = TransferStatusBody.Parse(payload, out TransferStatusBody status);
        if (parsed != FcpStatus.Accepted) return parsed;
        ulong end = 0;
        SegmentRangeReader done = status.Done;
        while (done.TryRead(out SegmentRange range))
        {
            FuzzFinding.Unless(range.Count > 0 && range.First >= end, "ranges ascend");
            end = range.First + range.Count;
        }

        MissingSymbolsReader missing = status.Missing;
        while (missing.TryRead(out MissingSymbols symbols)) _ = SymbolSet.Read(symbols);
        return parsed;
    }

    private static IEnumerable<byte[]> BodySeeds()
    {
        byte[][] payloads =
        [
            .. VectorSeeds.Of("oracle_symbol_control.json", "payload"), .. VectorSeeds.Of("oracle_transfers.json", "payload", "bytes", "body"),
            Written(new PingBody(new Bytes16(1, 2), new Bytes16(3, 4), false).Write), Written(StreamBody.Write),
            Written(new FenceBody(new SessionId(new Bytes16(1, 2)), new SenderInstanceId(3), new FrameSeq(4)).Write),
            Written(new StreamNotice(new ZoneIdHash(new Bytes32(1, 2, 3, 4)), new ZoneKeyId(new Bytes8(5)), new SenderInstanceId(6), IsReady: true).Write),
            Written(new RecordRequest(7, new Bytes32(1, 2, 3, 4), default).Write),
        ];
        foreach (byte[] payload in payloads)
        {
            int kind = Array.FindIndex(Bodies, body => payload.Length >= 32 && payload.AsSpan(0, 32).SequenceEqual(Hash(body.Schema)));
            if (kind >= 0) yield return [(byte)kind, .. payload[32..]];
        }
    }

    private static byte[] Hash(SchemaId schema)
    {
        byte[] hash = new byte[32];
        schema.ComputeHash().Value.Write(hash);
        return hash;
    }

    private static byte[] Written(Action<CborWriter> write)
    {
        var writer = new CborWriter();
        write(writer);
        return writer.ToArray();
    }

    private static void Require(ReadOnlySpan<byte> input, CborWriter again, string what) =>
        FuzzFinding.Unless(input.SequenceEqual(again.Written), $"{what} that is accepted is written as {Convert.ToHexString(again.Written)}, not as it came");
}
