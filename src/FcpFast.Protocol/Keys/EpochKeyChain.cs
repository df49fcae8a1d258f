using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>The epoch keys of one ratcheting zone key: those in range, and the chain key of the epoch after them.</summary>
/// <remarks>
/// Shape:   holds E of [high - retain, high + 1] and C[high + 2]; everything else is erased, the zone key first of all.
/// Errors:  <c>EpochOutOfRange</c>, <c>EpochErased</c>.
/// Threads: one user at a time.
/// Source:  [WIRE §13.3].
/// </remarks>
public sealed class EpochKeyChain : IDisposable
{
    private readonly CryptoProvider _crypto;
    private readonly Dictionary<EpochId, SecretKey> _epochKeys = [];
    private readonly EpochId _first;
    private readonly uint _retainEpochs;
    private SecretKey _chainKey;
    private EpochId _chainEpoch;
    private EpochId _high;

    /// <summary>Starts the chain and advances it to the present. The caller erases the zone key right after.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="zoneKeyId">The zone key's id.</param>
    /// <param name="zoneKey">32 bytes.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="validFromUnixSeconds">Of the manifest that brought the key first.</param>
    /// <param name="retainEpochs">Past epochs that stay readable.</param>
    /// <param name="high">The highest epoch that the clock has shown.</param>
    public EpochKeyChain(
        CryptoProvider crypto, ZoneKeyId zoneKeyId, ReadOnlySpan<byte> zoneKey, ZoneIdHash zone, ulong validFromUnixSeconds,
        uint retainEpochs, EpochId high)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        _crypto = crypto;
        _first = EpochSchedule.NumberAt(validFromUnixSeconds);
        _retainEpochs = retainEpochs;
        _chainEpoch = _first;
        Span<byte> chainKey = stackalloc byte[CryptoSizes.KeyBytes];
        EpochSchedule.DeriveFirstChainKey(crypto.Kdf, zoneKeyId, zoneKey, zone, _first, chainKey);
        _chainKey = crypto.Vault.Import(chainKey);
        CryptographicOperations.ZeroMemory(chainKey);
        AdvanceTo(high);
    }

    /// <summary>Goes on with a chain that was stored or handed over; its keys are taken over.</summary>
    public EpochKeyChain(CryptoProvider crypto, EpochChainImage image)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(image);
        _crypto = crypto;
        _first = image.First;
        _retainEpochs = image.RetainEpochs;
        _high = image.High;
        _chainEpoch = image.ChainEpoch;
        _chainKey = image.ChainKey;
        foreach ((EpochId epoch, SecretKey key) in image.EpochKeys) _epochKeys.Add(epoch, key);
    }

    /// <summary>The lowest epoch whose key may still be held.</summary>
    public EpochId FirstKept => new(Math.Max(_first.Value, _high.Value > _retainEpochs ? _high.Value - _retainEpochs : 0));

    /// <summary>Judges an epoch without touching keys.</summary>
    public FcpStatus Judge(EpochId epoch) => EpochSchedule.JudgeRatchet(epoch, _first, _high, _retainEpochs);

    /// <summary>The key of an epoch; it stays owned by the chain.</summary>
    public FcpStatus TryGet(EpochId epoch, out SecretKey? key)
    {
        key = null;
        FcpStatus status = Judge(epoch);
        if (status != FcpStatus.Accepted) return status;
        return _epochKeys.TryGetValue(epoch, out key) ? FcpStatus.Accepted : FcpStatus.EpochOutOfRange;
    }

    /// <summary>Derives the keys that came into range and erases those that left it. A lower epoch than before changes nothing.</summary>
    public void AdvanceTo(EpochId high)
    {
        if (high.Value > _high.Value) _high = high;
        ulong lastNeeded = _high.Value == ulong.MaxValue ? ulong.MaxValue : _high.Value + 1;
        Span<byte> epochKey = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> current = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> next = stackalloc byte[CryptoSizes.KeyBytes];
        if (_chainEpoch.Value <= lastNeeded && _chainEpoch.Value - _first.Value <= EpochSchedule.ChainLengthMax)
        {
            using (KeyLease lease = _chainKey.Lease())
            {
                Invariant.Require(lease.IsLive, "an erased epoch chain derives no keys");
                lease.Bytes.CopyTo(current);
            }

            for (; _chainEpoch.Value <= lastNeeded && _chainEpoch.Value - _first.Value <= EpochSchedule.ChainLengthMax;
                 _chainEpoch = new EpochId(_chainEpoch.Value + 1))
            {
                if (_chainEpoch.Value >= FirstKept.Value)
                {
                    EpochSchedule.DeriveEpochKey(_crypto.Kdf, current, _chainEpoch, epochKey);
                    _epochKeys[_chainEpoch] = _crypto.Vault.Import(epochKey);
                }

                EpochSchedule.DeriveNextChainKey(_crypto.Kdf, current, _chainEpoch, next);
                next.CopyTo(current);
            }

            _chainKey.Dispose();
            _chainKey = _crypto.Vault.Import(current);
        }

        CryptographicOperations.ZeroMemory(epochKey);
        CryptographicOperations.ZeroMemory(current);
        CryptographicOperations.ZeroMemory(next);
        foreach ((EpochId epoch, SecretKey key) in _epochKeys)
        {
            if (epoch.Value >= FirstKept.Value) continue;
            key.Dispose();
            _epochKeys.Remove(epoch); // removing while enumerating is allowed for Dictionary
        }
    }

    /// <summary>Copies everything that it holds.</summary>
    public EpochChainImage ToImage(IKeyVault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        var epochKeys = new Dictionary<EpochId, SecretKey>();
        foreach ((EpochId epoch, SecretKey key) in _epochKeys) epochKeys.Add(epoch, key.CopyTo(vault));
        return new EpochChainImage(_first, _retainEpochs, _high, _chainEpoch, _chainKey.CopyTo(vault), epochKeys);
    }

    /// <summary>Erases everything.</summary>
    public void Dispose()
    {
        _chainKey.Dispose();
        foreach (SecretKey key in _epochKeys.Values) key.Dispose();
        _epochKeys.Clear();
    }
}
