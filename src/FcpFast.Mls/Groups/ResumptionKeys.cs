using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>The resumption keys of a group's last epochs, with which members may show that they were there.</summary>
/// <remarks>
/// Shape:   the newest <see cref="EpochsMax"/> epochs before the present one. Each state owns its copy.
/// Source:  [RFC 9420 §8.6].
/// </remarks>
internal sealed class ResumptionKeys : IDisposable
{
    /// <summary>Past epochs that may be resumed from.</summary>
    public const int EpochsMax = 4;

    private readonly SortedDictionary<ulong, SecretKey> _byEpoch = [];

    public IReadOnlyDictionary<ulong, SecretKey> ByEpoch => _byEpoch;

    public SecretKey? Find(ulong epoch) => _byEpoch.GetValueOrDefault(epoch);

    /// <summary>Takes over a key; the oldest beyond the maximum is erased.</summary>
    public void Add(ulong epoch, SecretKey key)
    {
        _byEpoch[epoch] = key;
        if (_byEpoch.Count <= EpochsMax) return;
        _byEpoch.Remove(_byEpoch.Keys.First(), out SecretKey? oldest);
        oldest?.Dispose();
    }

    /// <summary>The keys of the next epoch: copies of these, and that of the present one.</summary>
    public ResumptionKeys Next(MlsCrypto crypto, ulong epoch, SecretKey present)
    {
        var next = new ResumptionKeys();
        foreach ((ulong past, SecretKey key) in _byEpoch) next.Add(past, Copy(crypto, key));
        next.Add(epoch, Copy(crypto, present));
        return next;
    }

    public void Dispose()
    {
        foreach (SecretKey key in _byEpoch.Values) key.Dispose();
        _byEpoch.Clear();
    }

    private static SecretKey Copy(MlsCrypto crypto, SecretKey key)
    {
        using KeyLease lease = key.Lease();
        return crypto.Vault.Import(lease.Bytes);
    }
}
