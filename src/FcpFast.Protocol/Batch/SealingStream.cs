using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Batch;

/// <summary>What one node seals under one zone key with one instance: a counter for symbols, one for bodies, and the keys of both.</summary>
/// <remarks>
/// Shape:   symbols and bodies have separate subkeys and separate counters, both spent before use.
/// Threads: one user at a time.
/// Source:  [REPLAY §4.2] (D4), [WIRE §5], [WIRE §16.8].
/// </remarks>
public sealed class SealingStream : IDisposable
{
    private readonly CryptoProvider _crypto;
    private readonly ZoneKeyRing _ring;
    private SecretKey? _symbolKey;
    private SecretKey? _bodyKey;
    private EpochId _keyEpoch;
    private bool _isOver;

    /// <summary>Starts a stream under a key of the ring: the active one, or one that is about to be.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="ring">The zone's keys.</param>
    /// <param name="zoneKey">The key.</param>
    /// <param name="source">This node.</param>
    /// <param name="instance">Drawn for this stream alone.</param>
    /// <param name="limits">Already jittered.</param>
    /// <param name="now">The time.</param>
    public SealingStream(
        CryptoProvider crypto, ZoneKeyRing ring, ZoneKey zoneKey, NodeId source, SenderInstanceId instance, SequencerLimits limits, Instant now)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(zoneKey);
        _crypto = crypto;
        _ring = ring;
        ZoneKeyId = zoneKey.Id;
        Algorithm = zoneKey.Algorithm;
        Source = source;
        StartedTicks = now.Ticks;
        Symbols = new Sequencer(instance, limits, now);
        Bodies = new Sequencer(instance, limits, now);
    }

    /// <summary>The zone.</summary>
    public ZoneId Zone => _ring.Zone;

    /// <summary>Its hash.</summary>
    public ZoneIdHash ZoneHash => _ring.ZoneHash;

    /// <summary>The zone key that everything is sealed under; another key means another stream.</summary>
    public ZoneKeyId ZoneKeyId { get; }

    /// <summary>Its AEAD.</summary>
    public AeadAlgorithm Algorithm { get; }

    /// <summary>The sealing node.</summary>
    public NodeId Source { get; }

    /// <summary>When it began to be sealed in; when it was drawn, until then.</summary>
    public long StartedTicks { get; private set; }

    /// <summary>The stream's instance.</summary>
    public SenderInstanceId Instance => Symbols.Instance;

    /// <summary>When the body that proves whose stream this is must be said again.</summary>
    public AnnouncementTimer Announcement { get; } = new();

    /// <summary>The counter of frames.</summary>
    public Sequencer Symbols { get; }

    /// <summary>The counter of zone-sealed bodies.</summary>
    public Sequencer Bodies { get; }

    /// <summary>The epoch that is sealed under now.</summary>
    public EpochId Epoch => _ring.SealingEpochOf(ZoneKeyId);

    /// <summary>True while this stream has numbers left.</summary>
    public bool IsLive => Symbols.State < SequencerState.Retired && Bodies.State < SequencerState.Retired;

    /// <summary>True while this stream is the one to seal in: its key is the active one, and its numbers are not used up.</summary>
    public bool IsCurrent => _ring.Active?.Id == ZoneKeyId && IsLive;

    /// <summary>The key of symbols for the present epoch; null if the zone key was erased, or the stream is over.</summary>
    public SecretKey? SymbolKey => Current(ref _symbolKey, SubkeyPurpose.Symbols);

    /// <summary>The key of bodies for the present epoch; null if the zone key was erased, or the stream is over.</summary>
    public SecretKey? BodyKey => Current(ref _bodyKey, SubkeyPurpose.Bodies);

    /// <summary>It takes its place.</summary>
    public void Begin(Instant now) => StartedTicks = now.Ticks;

    /// <summary>Erases the keys and ends both counters.</summary>
    public void Dispose()
    {
        Symbols.Retire();
        Bodies.Retire();
        _isOver = true; // else a key could be derived again that nobody would erase
        Forget();
    }

    private SecretKey? Current(ref SecretKey? held, SubkeyPurpose purpose)
    {
        ZoneKey? zoneKey = _isOver ? null : _ring.Find(ZoneKeyId);
        if (zoneKey is null || zoneKey.TryGet(Epoch, out SecretKey? parent, out EpochId subkeyEpoch) != FcpStatus.Accepted)
        {
            Forget();
            return null;
        }

        if (subkeyEpoch != _keyEpoch)
        {
            Forget();
            _keyEpoch = subkeyEpoch;
        }

        return held ??= SubkeyCache.Derive(_crypto, new SubkeyId(ZoneHash, ZoneKeyId, subkeyEpoch, Source, Instance, purpose), parent!);
    }

    private void Forget()
    {
        _symbolKey?.Dispose();
        _bodyKey?.Dispose();
        _symbolKey = null;
        _bodyKey = null;
    }
}
