using System;
using System.Collections.Generic;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>The data path from symbols to slabs and back, and what hostile slabs cost.</summary>
internal sealed class BatchCases : ISourceDirectory
{
    private const int Datagrams = 54;
    private const int SymbolBytes = 1024;

    private static readonly Instant Now = new(Instant.TicksPerSecond, 1_700_000_000);
    private static readonly SequencerLimits Endless = new(ulong.MaxValue, ulong.MaxValue, long.MaxValue);

    private readonly StatusCounters _counters = new();
    private readonly byte[] _slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
    private readonly byte[] _source = new byte[Datagrams * SymbolBytes];
    private readonly PeerSession _sender;
    private readonly PeerSession _egress;
    private readonly SealingStream _stream;
    private readonly NodeId _alice;
    private readonly SealBatch<LibsodiumAead, PortableMac> _seal = new();
    private readonly VerifyBatch<PortableMac> _verify;
    private readonly OpenBatch<LibsodiumAead, EndlessSink> _open;
    private readonly ForwardBatch<PortableMac> _forward = new();

    private BatchCases(MacSuite suite)
    {
        NodeId.Parse("alice", out _alice);
        NodeId.Parse("bob", out NodeId bob);
        ZoneId.Parse("z:work", out ZoneId zone);
        CryptoProvider crypto = CryptoCases.Crypto;
        var ring = new ZoneKeyRing(zone);
        ring.Install(
            new ZoneKey(new ZoneKeyId(new Bytes8(1)), AeadAlgorithm.ChaCha20Poly1305, crypto.Vault.Import(new byte[32]), 0),
            new ObjectIdKey(new ObjectIdKeyId(new Bytes8(1)), crypto.Vault.Import(new byte[32])), 300, 2, Now.UnixSeconds);
        ring.Tick(Now.UnixSeconds, []);
        var zones = new ZoneTable();
        zones.Set(new ZoneEntry(ring, MacSuite.HmacSha256, new HashSet<NodeId> { _alice, bob }));
        var sessions = new SessionTable();
        _sender = Session(crypto, bob, suite, 1);
        PeerSession receiver = Session(crypto, _alice, suite, 1, isInitiator: false);
        _egress = Session(crypto, bob, suite, 2);
        receiver.Confirm();
        sessions.TryAdd(receiver);
        _stream = Stream(crypto, ring, _alice);
        _verify = new VerifyBatch<PortableMac>(sessions, zones, _counters, 1200);
        _open = new OpenBatch<LibsodiumAead, EndlessSink>(
            zones, new ContentWindows(), new SubkeyCache(crypto, 8), this, _counters, new EndlessSink(new byte[Datagrams * SymbolBytes]));
    }

    public static Action SealAndOpen(MacSuite suite)
    {
        var path = new BatchCases(suite);
        return () =>
        {
            Span<byte> slab = path.Seal();
            path.Receive(slab, Datagrams);
            if (path._open.OpenedCount != Datagrams) throw new InvalidOperationException("not opened");
        };
    }

    public static Action Forward(MacSuite suite)
    {
        var path = new BatchCases(suite);
        return () =>
        {
            Span<byte> slab = path.Seal();
            path._verify.Verify(slab, 1200, Now);
            path._forward.Begin();
            foreach (ref readonly FrameSlot slot in path._verify.Frames) path._forward.Add(slot);
            WireCases.Expect(path._forward.Write(path._egress, slab));
            if (!path._forward.TryTakeRun(out _, out int bytes, out _) || bytes != slab.Length) throw new InvalidOperationException("no run");
        };
    }

    public static Action RefuseForged()
    {
        var path = new BatchCases(MacSuite.Blake3);
        byte[] forged = path.Seal().ToArray();
        for (int i = 0; i < Datagrams; i++) forged[(i * 1200) + 24] ^= 1;
        return () =>
        {
            forged.CopyTo(path._slab, 0); // the pass before has spent the headers
            path.Receive(path._slab.AsSpan(0, forged.Length), 0);
        };
    }

    public static Action RefuseReplayed()
    {
        var path = new BatchCases(MacSuite.Blake3);
        byte[] sealedOnce = path.Seal().ToArray();
        sealedOnce.CopyTo(path._slab, 0);
        path.Receive(path._slab.AsSpan(0, sealedOnce.Length), Datagrams);
        return () =>
        {
            sealedOnce.CopyTo(path._slab, 0);
            path.Receive(path._slab.AsSpan(0, sealedOnce.Length), 0);
        };
    }

    public static Action RefuseSpoiled()
    {
        var path = new BatchCases(MacSuite.Blake3);
        path.Receive(path.Seal(), Datagrams);
        return () =>
        {
            Span<byte> slab = path.Seal();
            for (int i = 0; i < Datagrams; i++) path.Spoil(slab.Slice(i * 1200, 1200));
            path.Receive(slab, Datagrams);
            if (path._open.OpenedCount != 0) throw new InvalidOperationException("opened");
        };
    }

    public NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId) => _alice;

    private static PeerSession Session(CryptoProvider crypto, NodeId peer, MacSuite suite, ulong id, bool isInitiator = true) => new(
        crypto, new SessionParameters(new SessionId(new Bytes16(id, 0)), peer, isInitiator, suite, 1200), new byte[96], new LaneTable(),
        Endless, Now);

    private static SealingStream Stream(CryptoProvider crypto, ZoneKeyRing ring, NodeId source) =>
        new(crypto, ring, ring.Active!, source, new SenderInstanceId(7), Endless, Now);

    private Span<byte> Seal()
    {
        _seal.Begin(_slab.Length, SymbolBytes, 1);
        for (int i = 0; i < Datagrams; i++)
        {
            if (!_seal.TryAdd(default, Datagrams, (uint)i, i * SymbolBytes)) throw new InvalidOperationException("no room");
        }

        WireCases.Expect(_seal.Finish(_sender, _stream, _source, _slab, Now, out int usedBytes));
        return _slab.AsSpan(0, usedBytes);
    }

    /// <summary>Changes the symbol and makes the MAC again, as whoever has a session can.</summary>
    private void Spoil(Span<byte> datagram)
    {
        datagram[300] ^= 1;
        using KeyLease key = _sender.SendMacKey.Lease();
        DatagramView.Parse(datagram, 1200, out DatagramView view);
        FrameSeq seq = view.Seq;
        DatagramWriter.WriteMacPrefix(datagram, _sender.Id, _sender.SendDirection, seq);
        Span<byte> mac = stackalloc byte[16];
        var item = new MacItem(DatagramLayout.MacInputOffset, datagram.Length - DatagramLayout.MacInputOffset);
        default(PortableMac).Compute(_sender.Suite, key.Bytes, datagram, new ReadOnlySpan<MacItem>(in item), mac);
        DatagramWriter.WriteHeader(datagram, _sender.Id, seq, mac);
    }

    private void Receive(Span<byte> slab, int accepted)
    {
        _verify.Verify(slab, 1200, Now);
        _open.Open(slab, _verify.Frames, Now);
        if (_verify.Count != Datagrams || _verify.AcceptedCount != accepted) throw new InvalidOperationException("not what was expected");
    }

    /// <summary>Takes every symbol, again and again.</summary>
    private readonly struct EndlessSink(byte[] memory) : ISymbolSink
    {
        public Span<byte> Memory => memory;

        public void Enter(ZoneIdHash zone, NodeId source)
        {
            // one source
        }

        public FcpStatus Reserve(ObjectId objectId, int symbolBytes, uint esi, ushort k, out SymbolSlot slot)
        {
            slot = new SymbolSlot(esi, (int)esi * symbolBytes);
            return FcpStatus.Accepted;
        }

        public void Fill(SymbolSlot slot)
        {
            // and empty again
        }

        public void Release(SymbolSlot slot)
        {
            // nothing is kept
        }
    }
}
