using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>The receive path of one node put together as a node does: verify, then open.</summary>
internal sealed class ReceivingNode : ISourceDirectory
{
    private readonly VerifyBatch<PortableMac> _verify;
    private readonly OpenBatch<LibsodiumAead, TestSink> _open;

    public ReceivingNode(RealCrypto crypto, int datagramBytesMax = 65_507, int subkeysMax = 64, int sinkBytes = 64 * 1024)
    {
        Sink = new TestSink(sinkBytes);
        Subkeys = new SubkeyCache(crypto.Provider, subkeysMax);
        _verify = new VerifyBatch<PortableMac>(Sessions, Zones, Counters, datagramBytesMax);
        _open = new OpenBatch<LibsodiumAead, TestSink>(Zones, Windows, Subkeys, this, Counters, Sink);
        SourceOfRelayed = static _ => default;
    }

    public SessionTable Sessions { get; } = new();

    public ZoneTable Zones { get; } = new();

    public ContentWindows Windows { get; } = new();

    public SubkeyCache Subkeys { get; }

    public StatusCounters Counters { get; } = new();

    public TestSink Sink { get; }

    public VerifyBatch<PortableMac> Verify => _verify;

    public OpenBatch<LibsodiumAead, TestSink> Open => _open;

    /// <summary>Peers whose sessions bring the frames of others, by instance.</summary>
    public HashSet<NodeId> Relays { get; } = [];

    public Func<SenderInstanceId, NodeId> SourceOfRelayed { get; set; }

    public Instant Now { get; set; } = TestNodes.Start;

    /// <summary>Called between verification and opening, with the slots.</summary>
    public Action<FrameSlot[]>? BetweenHalves { get; set; }

    /// <summary>What became of the datagrams of the last pass.</summary>
    public FrameSlot[] Slots { get; private set; } = [];

    public NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId)
    {
        NodeId source = Relays.Contains(session.Peer) ? SourceOfRelayed(instance) : session.Peer;
        return zone.Members.Contains(source) ? source : default;
    }

    /// <summary>Receives datagrams that lie side by side; all but the last are of one size.</summary>
    public FcpStatus[] Receive(params byte[][] datagrams)
    {
        if (datagrams[..^1].Any(datagram => datagram.Length != datagrams[0].Length)) throw new ArgumentException("not of one size", nameof(datagrams));
        return ReceiveSlab([.. datagrams.SelectMany(static datagram => datagram)], datagrams[0].Length);
    }

    public FcpStatus[] Receive(params FrameDraft[] drafts) => Receive(drafts.Select(static draft => draft.Datagram()).ToArray());

    public FcpStatus[] ReceiveSlab(byte[] slab, int datagramBytes)
    {
        var slots = new List<FrameSlot>();
        for (Span<byte> rest = slab; !rest.IsEmpty;)
        {
            int taken = _verify.Verify(rest, datagramBytes, Now);
            BetweenHalves?.Invoke(_verify.Frames.ToArray());
            _open.Open(rest[..taken], _verify.Frames, Now);
            slots.AddRange(_verify.Frames.ToArray());
            rest = rest[taken..];
        }

        Slots = [.. slots];
        if (!Sink.IsSettled) throw new InvalidOperationException("a place is still held after the pass");
        return slots.Select(static slot => slot.Status).ToArray();
    }
}
