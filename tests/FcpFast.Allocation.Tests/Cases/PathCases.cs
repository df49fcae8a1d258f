using System;
using System.Collections.Generic;
using System.Collections.Immutable;
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

/// <summary>The data path of both ends, a slab of 54 datagrams a step.</summary>
internal static class PathCases
{
    private const int Frames = 54, SymbolBytes = 1024, DatagramBytes = 1200;
    private static readonly Instant Now = new(Instant.TicksPerSecond, 1_700_000_000);

    public static Action Seal(MacSuite suite)
    {
        var path = new Path(suite);
        return path.Seal;
    }

    public static Action SealAndOpen(MacSuite suite)
    {
        var path = new Path(suite);
        return () =>
        {
            path.Seal();
            path.Receive(verified: Frames, opened: Frames);
        };
    }

    /// <summary>The same datagrams again.</summary>
    public static Action RefuseReplays()
    {
        var path = new Path(MacSuite.Blake3);
        path.Seal();
        path.Receive(verified: Frames, opened: Frames);
        return () => path.Receive(verified: 0, opened: 0);
    }

    /// <summary>Datagrams that nobody sealed.</summary>
    public static Action RefuseForgeries()
    {
        var path = new Path(MacSuite.Blake3);
        path.Seal();
        path.Forge();
        return () => path.Receive(verified: 0, opened: 0);
    }

    /// <summary>Datagrams of one who has a session, and no zone key.</summary>
    public static Action RefuseSpoiled()
    {
        var path = new Path(MacSuite.Blake3);
        return () =>
        {
            path.Seal();
            path.Spoil();
            path.Receive(verified: Frames, opened: 0);
        };
    }

    /// <summary>What a relay does.</summary>
    public static Action PassOn()
    {
        var path = new Path(MacSuite.Blake3);
        return () =>
        {
            path.Seal();
            path.PassOn();
        };
    }

    /// <summary>Both ends of one session in one zone, without files.</summary>
#pragma warning disable CA1001 // it lives until the process ends, as every case does
    private sealed class Path : ISymbolSink, ISourceDirectory
#pragma warning restore CA1001
    {
        private readonly SealBatch<LibsodiumAead, PortableMac> _seal = new();
        private readonly VerifyBatch<PortableMac> _verify;
        private readonly OpenBatch<LibsodiumAead, Path> _open;
        private readonly ForwardBatch<PortableMac> _forward = new();
        private readonly PeerSession _sender;
        private readonly PeerSession _egress;
        private readonly SealingStream _stream;
        private readonly byte[] _source = new byte[Frames * SymbolBytes];
        private readonly byte[] _slab = new byte[Frames * DatagramBytes];
        private readonly byte[] _received = new byte[Frames * DatagramBytes];
        private readonly byte[] _memory = new byte[Frames * SymbolBytes];
        private int _places;

        public Path(MacSuite suite)
        {
            CryptoProvider crypto = CryptoCases.Crypto;
            WireCases.Expect(NodeId.Parse("alice", out NodeId alice));
            WireCases.Expect(NodeId.Parse("bob", out NodeId bob));
            WireCases.Expect(ZoneId.Parse("z:work", out ZoneId zone));
            ZoneKeyRing ring = Ring(zone, crypto);
            byte[] keys = new byte[SessionKeySchedule.KeysBytes];
            var id = new SessionId(new Bytes16(1, 2));
            _sender = new PeerSession(
                crypto, new SessionParameters(id, bob, IsInitiator: true, suite, DatagramBytes), keys, new LaneTable(), SequencerLimits.Default, Now);
            _egress = new PeerSession(
                crypto, new SessionParameters(new SessionId(new Bytes16(3, 4)), bob, IsInitiator: true, suite, DatagramBytes), keys, new LaneTable(),
                SequencerLimits.Default, Now);
            var receiver = new PeerSession(
                crypto, new SessionParameters(id, alice, IsInitiator: false, suite, DatagramBytes), keys, new LaneTable(), SequencerLimits.Default, Now);
            _stream = new SealingStream(crypto, ring, ring.Active!, alice, new SenderInstanceId(7), SequencerLimits.Default, Now);
            var zones = new ZoneTable();
            zones.Set(new ZoneEntry(ring, MacSuite.HmacSha256, ImmutableHashSet.Create(alice, bob)));
            var sessions = new SessionTable(4);
            if (!sessions.TryAdd(receiver)) throw new InvalidOperationException("no room for a session");
            var counters = new StatusCounters();
            _verify = new VerifyBatch<PortableMac>(sessions, zones, counters, DatagramBytes);
            _open = new OpenBatch<LibsodiumAead, Path>(zones, new ContentWindows(), new SubkeyCache(crypto, 16), this, counters, this);
        }

        public Span<byte> Memory => _memory;

        public void Seal()
        {
            _seal.Begin(_slab.Length, SymbolBytes, 1);
            for (uint esi = 0; esi < Frames; esi++)
            {
                if (!_seal.TryAdd(default, Frames, esi, (int)esi * SymbolBytes)) throw new InvalidOperationException("no room for a symbol");
            }

            WireCases.Expect(_seal.Finish(_sender, _stream, _source, _slab, Now, out int usedBytes));
            if (usedBytes != _slab.Length) throw new InvalidOperationException($"{usedBytes} bytes sealed");
        }

        /// <summary>Changes the last byte of every symbol, under numbers that were not received yet.</summary>
        public void Forge()
        {
            for (int end = DatagramBytes; end <= _slab.Length; end += DatagramBytes) _slab[end - 1] ^= 1;
        }

        /// <summary>Changes every symbol and makes the MACs again.</summary>
        public void Spoil()
        {
            using KeyLease key = _sender.SendMacKey.Lease();
            for (int start = 0; start < _slab.Length; start += DatagramBytes)
            {
                Span<byte> datagram = _slab.AsSpan(start, DatagramBytes);
                DatagramView.Parse(datagram, DatagramBytes, out DatagramView view);
                FrameSeq seq = view.Seq;
                datagram[^1] ^= 1;
                DatagramMac.Seal(CryptoCases.Crypto.Mac, _sender.Suite, key.Bytes, _sender.Id, _sender.SendDirection, seq, datagram);
            }
        }

        /// <summary>Verifies the slab and puts the next hop's envelopes on it.</summary>
        public void PassOn()
        {
            _verify.Verify(_slab, DatagramBytes, Now);
            _forward.Begin();
            foreach (ref readonly FrameSlot slot in _verify.Frames) _forward.Add(slot);
            WireCases.Expect(_forward.Write(_egress, _slab));
            if (!_forward.TryTakeRun(out _, out int bytes, out _) || bytes != _slab.Length) throw new InvalidOperationException($"{bytes} bytes in a run");
        }

        public void Receive(int verified, int opened)
        {
            _slab.CopyTo(_received, 0);
            _places = 0;
            _verify.Verify(_received, DatagramBytes, Now);
            _open.Open(_received, _verify.Frames, Now);
            if (_verify.AcceptedCount != verified || _open.OpenedCount != opened)
            {
                throw new InvalidOperationException($"{_verify.AcceptedCount} verified, {_open.OpenedCount} opened");
            }
        }

        public void Enter(ZoneIdHash zone, NodeId source)
        {
        }

        public FcpStatus Reserve(ObjectId objectId, int symbolBytes, uint esi, ushort k, out SymbolSlot slot)
        {
            slot = new SymbolSlot(_places, _places * SymbolBytes);
            _places++;
            return FcpStatus.Accepted;
        }

        public void Fill(SymbolSlot slot)
        {
        }

        public void Release(SymbolSlot slot)
        {
        }

        public NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId) => session.Peer;

        private static ZoneKeyRing Ring(ZoneId zone, CryptoProvider crypto)
        {
            var ring = new ZoneKeyRing(zone);
            var key = new ZoneKey(new ZoneKeyId(new Bytes8(1)), AeadAlgorithm.ChaCha20Poly1305, crypto.Vault.Import(new byte[32]), 0);
            ring.Install(key, new ObjectIdKey(default, crypto.Vault.Import(new byte[32])), 300, 2, Now.UnixSeconds);
            ring.Tick(Now.UnixSeconds, new List<ZoneKeyId>());
            return ring;
        }
    }
}
