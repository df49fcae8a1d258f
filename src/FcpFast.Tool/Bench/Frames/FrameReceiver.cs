using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Bench.Frames;

/// <summary>The receiving half of a data path: slabs of datagrams are verified, judged by both replay windows and opened.</summary>
/// <remarks>
/// Threads: one.
/// Cost:    no allocation once the stream is known.
/// </remarks>
internal sealed class FrameReceiver<TAead, TMac, TSink> : IDisposable, ISourceDirectory
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
    where TSink : ISymbolSink
{
    private readonly PeerSession _session;
    private readonly ZoneKeyRing _ring;
    private readonly SubkeyCache _subkeys;
    private readonly VerifyBatch<TMac> _verify;
    private readonly OpenBatch<TAead, TSink> _open;
    private readonly NodeId _sender;

    /// <summary>Makes a receiver.</summary>
    public FrameReceiver(FrameSecrets secrets, TSink sink)
    {
        _sender = secrets.Sender;
        _session = secrets.NewSession(isSender: false);
        _ring = secrets.NewRing();
        _subkeys = new SubkeyCache(secrets.Crypto, 16);
        var sessions = new SessionTable();
        Invariant.Require(sessions.TryAdd(_session), "an empty table has room");
        var zones = new ZoneTable();
        zones.Set(new ZoneEntry(_ring, MacSuite.HmacSha256, System.Collections.Frozen.FrozenSet<NodeId>.Empty));
        _verify = new VerifyBatch<TMac>(sessions, zones, Counters, FrameLimits.DatagramBytesMax);
        _open = new OpenBatch<TAead, TSink>(zones, new ContentWindows(), _subkeys, this, Counters, sink);
    }

    /// <summary>Refusals by status.</summary>
    public StatusCounters Counters { get; } = new();

    /// <summary>Frames that verified and were fresh.</summary>
    public long Accepted { get; private set; }

    /// <summary>Frames that opened.</summary>
    public long Opened { get; private set; }

    /// <summary>Takes a slab as far as a relay does.</summary>
    public void Verify(Span<byte> slab, int datagramBytes)
    {
        for (int offset = 0; offset < slab.Length;)
        {
            offset += _verify.Verify(slab[offset..], datagramBytes, FrameSecrets.Now);
            Accepted += _verify.AcceptedCount;
        }
    }

    /// <summary>Takes a slab to the end.</summary>
    public void Open(Span<byte> slab, int datagramBytes)
    {
        while (!slab.IsEmpty)
        {
            int taken = _verify.Verify(slab, datagramBytes, FrameSecrets.Now);
            Accepted += _verify.AcceptedCount;
            if (_verify.AcceptedCount > 0)
            {
                _open.Open(slab[..taken], _verify.Frames, FrameSecrets.Now);
                Opened += _open.OpenedCount;
            }

            slab = slab[taken..];
        }
    }

    /// <inheritdoc/>
    public NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId) => _sender;

    /// <inheritdoc/>
    public void Dispose()
    {
        _subkeys.Dispose();
        _ring.Dispose();
        _session.Dispose();
    }
}
