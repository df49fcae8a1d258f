using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>One zone key in a ring: the key itself or its epoch chain, and when it opens and seals.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Source:  [WIRE §12.1], [WIRE §12.3].
/// </remarks>
public sealed class ZoneKey : IDisposable
{
    private readonly SecretKey? _key;
    private readonly EpochKeyChain? _epochs;

    /// <summary>A key that serves every epoch. [WIRE §13.2]</summary>
    public ZoneKey(ZoneKeyId id, AeadAlgorithm algorithm, SecretKey key, ulong sealsFromUnixSeconds)
        : this(id, algorithm, sealsFromUnixSeconds) => _key = key;

    /// <summary>A key that ratchets by epoch.</summary>
    public ZoneKey(ZoneKeyId id, AeadAlgorithm algorithm, EpochKeyChain epochs, ulong sealsFromUnixSeconds)
        : this(id, algorithm, sealsFromUnixSeconds) => _epochs = epochs;

    /// <summary>A key that serves one epoch of a group and no other. [WIRE §14]</summary>
    public ZoneKey(ZoneKeyId id, AeadAlgorithm algorithm, SecretKey key, ulong sealsFromUnixSeconds, EpochId onlyEpoch)
        : this(id, algorithm, key, sealsFromUnixSeconds) => OnlyEpoch = onlyEpoch;

    private ZoneKey(ZoneKeyId id, AeadAlgorithm algorithm, ulong sealsFromUnixSeconds)
    {
        Id = id;
        Algorithm = algorithm;
        SealsFromUnixSeconds = sealsFromUnixSeconds;
    }

    /// <summary>Its id.</summary>
    public ZoneKeyId Id { get; }

    /// <summary>Its AEAD.</summary>
    public AeadAlgorithm Algorithm { get; }

    /// <summary>From when on it seals; it opens from its acceptance on.</summary>
    public ulong SealsFromUnixSeconds { get; }

    /// <summary>When it is erased; null while it is the newest.</summary>
    public ulong? ErasedAtUnixSeconds { get; internal set; }

    /// <summary>True if epochs have keys of their own.</summary>
    public bool IsRatcheting => _epochs is not null;

    /// <summary>The epoch that this key is of, in a zone whose epochs are a group's and not the clock's; null elsewhere.</summary>
    public EpochId? OnlyEpoch { get; private init; }

    /// <summary>The first epoch whose key may still be held; 0 without the ratchet.</summary>
    public EpochId FirstKeptEpoch => _epochs?.FirstKept ?? default;

    /// <summary>Judges a frame's epoch before any cryptography.</summary>
    /// <param name="epoch">The frame's epoch.</param>
    /// <param name="high">The highest epoch that the clock has shown.</param>
    /// <param name="retainEpochs">Of the zone's policy; the ratchet's own bound goes before it.</param>
    public FcpStatus JudgeEpoch(EpochId epoch, EpochId high, uint retainEpochs) =>
        OnlyEpoch is { } only
            ? epoch == only ? FcpStatus.Accepted : FcpStatus.EpochOutOfRange
            : _epochs?.Judge(epoch) ?? EpochSchedule.Judge(epoch, high, retainEpochs);

    /// <summary>The key that a frame of <paramref name="epoch"/> derives its subkey from; it stays owned here.</summary>
    /// <param name="epoch">The frame's epoch.</param>
    /// <param name="key">The key.</param>
    /// <param name="subkeyEpoch">What to put into <see cref="SubkeyId.Epoch"/>.</param>
    public FcpStatus TryGet(EpochId epoch, out SecretKey? key, out EpochId subkeyEpoch)
    {
        subkeyEpoch = _epochs is null ? default : epoch;
        if (_epochs is not null) return _epochs.TryGet(epoch, out key);
        bool isOfOther = OnlyEpoch is { } only && epoch != only; // a frame that came before its key was not judged by it
        key = isOfOther ? null : _key;
        return isOfOther ? FcpStatus.EpochOutOfRange : FcpStatus.Accepted;
    }

    /// <summary>Moves the epoch chain on; nothing without the ratchet.</summary>
    public void AdvanceTo(EpochId high) => _epochs?.AdvanceTo(high);

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        _key?.Dispose();
        _epochs?.Dispose();
    }

    /// <summary>Takes over a key that was stored or handed over.</summary>
    internal static ZoneKey From(ZoneKeyImage image, CryptoProvider crypto) => image.Epochs is { } epochs
        ? new ZoneKey(image.Id, image.Algorithm, new EpochKeyChain(crypto, epochs), image.SealsFromUnixSeconds)
        : new ZoneKey(image.Id, image.Algorithm, image.Key!, image.SealsFromUnixSeconds) { OnlyEpoch = image.OnlyEpoch };

    /// <summary>Copies the key, or its chain.</summary>
    internal ZoneKeyImage ToImage(IKeyVault vault) =>
        new(Id, Algorithm, SealsFromUnixSeconds, ErasedAtUnixSeconds, _key?.CopyTo(vault), _epochs?.ToImage(vault), OnlyEpoch);
}
