using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>[WIRE §9]: a connection is cut at every byte, the session goes on over the next one, and what was sent arrives once.</summary>
public sealed class CutStreamTests
{
    private static readonly byte[][] Payloads = [.. new[] { 0, 1, 15, 40, 3 }.Select(static (bytes, i) => Enumerable.Repeat((byte)(i + 1), bytes).ToArray())];

    private static readonly int StreamBytes = Payloads.Sum(static payload => payload.Length + FcpcHeader.OverheadBytes);

    /// <summary>The peer's messages come in up to the cut; those that were not whole come again, sealed anew, over another connection.</summary>
    [Fact]
    public async Task Received_CutAtEveryByte_EachMessageOpensOnceAndNoNumberIsUsedTwice()
    {
        var inbox = new TestInbox();
        await using var port = new StreamPort(new StreamOptions(), inbox.Inbox);
        for (int cut = 0; cut <= StreamBytes; cut++)
        {
            using var ends = new Ends();
            var wire = new List<byte[]>();
            byte[] stream = ends.SealAll(Payloads, wire);
            int arrived = await PassAsync(port, inbox, ends, stream[..cut], 0);
            Assert.Equal(WholeMessages(wire, cut), arrived);
            byte[] again = ends.SealAll(Payloads[arrived..], wire);
            int inAll = arrived + await PassAsync(port, inbox, ends, again, arrived);
            Assert.Equal(Payloads.Length, inAll);
            HoldsNumbersAreNew(wire, cut);
            foreach (byte[] old in wire) Assert.Equal(FcpStatus.ReplayRejected, ends.Open(old, out _)); // and nothing opens again
        }
    }

    /// <summary>This node's messages go out up to the cut; what the peer has not got whole is sealed anew and sent over another connection.</summary>
    [Fact]
    public async Task Sent_CutAtEveryByte_EachMessageOpensOnceAndNoNumberIsUsedTwice()
    {
        var inbox = new TestInbox();
        await using var port = new StreamPort(new StreamOptions(), inbox.Inbox);
        for (int cut = 0; cut <= StreamBytes; cut++)
        {
            using var ends = new Ends();
            var wire = new List<byte[]>();
            int arrived = await ReadAsync(port, inbox, ends, Payloads, wire, cut);
            Assert.Equal(WholeMessages(wire, cut), arrived);
            byte[][] left = Payloads[arrived..];
            int inAll = arrived + await ReadAsync(port, inbox, ends, left, wire, left.Sum(static payload => payload.Length + FcpcHeader.OverheadBytes));
            Assert.Equal(Payloads.Length, inAll);
            HoldsNumbersAreNew(wire, cut);
        }
    }

    /// <summary>Writes a stream to a connection and ends it there; how many messages came out and opened.</summary>
    private static async Task<int> PassAsync(StreamPort port, TestInbox inbox, Ends ends, byte[] stream, int first)
    {
        var peer = new PipedPeer(port);
        (await inbox.OpenedAsync()).MarkProven();
        if (stream.Length > 0) await peer.WriteAsync(stream);
        await peer.CloseAsync();
        for (int count = 0; ; count++)
        {
            StreamEvent next = await inbox.NextAsync();
            if (next.Kind == StreamEventKind.Closed) return count;
            using StreamMessage message = next.Message!;
            Assert.Equal(FcpStatus.Accepted, ends.Open(message.Bytes.ToArray(), out byte[] plaintext));
            Assert.Equal(Payloads[first + count], plaintext);
        }
    }

    /// <summary>Sends payloads over a connection of which the peer reads so many bytes; how many messages it got whole, each of which opened.</summary>
    private static async Task<int> ReadAsync(StreamPort port, TestInbox inbox, Ends ends, byte[][] payloads, List<byte[]> wire, int cut)
    {
        var peer = new PipedPeer(port);
        StreamConnection connection = await inbox.OpenedAsync();
        foreach (byte[] payload in payloads)
        {
            wire.Add(ends.Seal(payload));
            Assert.True(connection.Send(StreamMessageKind.Control, wire[^1]));
        }

        var read = new List<byte>();
        while (read.Count < cut)
        {
            ReadResult result = await peer.Received.ReadAsync(TestContext.Current.CancellationToken);
            foreach (ReadOnlyMemory<byte> piece in result.Buffer) read.AddRange(piece.ToArray());
            peer.Received.AdvanceTo(result.Buffer.End);
        }

        peer.Dispose();
        while ((await inbox.NextAsync()).Kind != StreamEventKind.Closed)
        {
            // nothing else comes of a peer that sends nothing
        }

        byte[] got = [.. read.Take(cut)];
        int count = 0;
        for (int offset = 0; FcpcHeader.Parse(got.AsSpan(offset), FcpcHeader.CiphertextBytesMax, out FcpcHeader header) == FcpStatus.Accepted; count++)
        {
            int bytes = FcpcHeader.OverheadBytes + (int)header.CiphertextBytes;
            if (got.Length - offset < bytes) break;
            Assert.Equal(FcpStatus.Accepted, ends.Open(got[offset..(offset + bytes)], out byte[] plaintext));
            Assert.Equal(payloads[count], plaintext);
            offset += bytes;
        }

        return count;
    }

    private static int WholeMessages(List<byte[]> wire, int cut)
    {
        int count = 0;
        foreach (byte[] frame in wire)
        {
            cut -= frame.Length;
            if (cut >= 0) count++;
        }

        return count;
    }

    private static void HoldsNumbersAreNew(List<byte[]> wire, int cut)
    {
        ulong last = 0;
        foreach (byte[] frame in wire)
        {
            Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(frame, FcpcHeader.CiphertextBytesMax, out FcpcHeader header));
            Assert.True(header.Seq.Value > last, $"cut at {cut}: number {header.Seq.Value} after {last}");
            last = header.Seq.Value;
        }
    }

    /// <summary>Both ends of one session.</summary>
    private sealed class Ends : IDisposable
    {
        private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

        private readonly PeerSession _sender = Make(isInitiator: true);
        private readonly PeerSession _receiver = Make(isInitiator: false);

        public byte[] Seal(byte[] payload)
        {
            byte[] frame = new byte[payload.Length + FcpcHeader.OverheadBytes];
            Assert.Equal(FcpStatus.Accepted, _sender.SealControl(payload, frame));
            return frame;
        }

        public byte[] SealAll(byte[][] payloads, List<byte[]> wire)
        {
            int first = wire.Count;
            foreach (byte[] payload in payloads) wire.Add(Seal(payload));
            return [.. wire.Skip(first).SelectMany(static frame => frame)];
        }

        public FcpStatus Open(byte[] frame, out byte[] plaintext)
        {
            plaintext = new byte[frame.Length - FcpcHeader.OverheadBytes];
            FcpStatus status = FcpcHeader.ParseFrame(frame, FcpcHeader.CiphertextBytesMax, out FcpcHeader header);
            return status == FcpStatus.Accepted ? _receiver.OpenControl(header, frame, plaintext) : status;
        }

        public void Dispose()
        {
            _sender.Dispose();
            _receiver.Dispose();
        }

        private static PeerSession Make(bool isInitiator)
        {
            Assert.Equal(FcpStatus.Accepted, NodeId.Parse("peer", out NodeId peer));
            var parameters = new SessionParameters(new SessionId(new Bytes16(1, 2)), peer, isInitiator, MacSuite.Blake3, 1200);
            return new PeerSession(Crypto, parameters, new byte[SessionKeySchedule.KeysBytes], new LaneTable(), SequencerLimits.Default, default);
        }
    }
}
