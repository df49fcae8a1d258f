using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>Subkeys derived lately, at most a fixed number; the one used longest ago is erased to make room.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    a dictionary look-up a run of frames; a miss derives (a few microseconds) and allocates one key object.
/// Source:  [WIRE §5], [WIRE §16.8].
/// </remarks>
public sealed class SubkeyCache : IDisposable
{
    private readonly Dictionary<SubkeyId, LinkedListNode<Entry>> _entries;
    private readonly LinkedList<Entry> _byUse = new();
    private readonly CryptoProvider _crypto;
    private readonly int _subkeysMax;

    /// <summary>Makes an empty cache of at most <paramref name="subkeysMax"/> subkeys.</summary>
    public SubkeyCache(CryptoProvider crypto, int subkeysMax)
    {
        if (subkeysMax < 1) ThrowHelper.BadArgument(nameof(subkeysMax), "a cache holds at least one subkey");
        _crypto = crypto;
        _subkeysMax = subkeysMax;
        _entries = new Dictionary<SubkeyId, LinkedListNode<Entry>>(Math.Min(subkeysMax, 1024));
    }

    /// <summary>Subkeys held now.</summary>
    public int Count => _entries.Count;

    /// <summary>The subkey, derived if it is not held. Valid until the next call.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="parent">The zone or epoch key; used on a miss only.</param>
    /// <returns>Null if the parent was erased meanwhile.</returns>
    public SecretKey? GetOrDerive(in SubkeyId id, SecretKey parent)
    {
        if (_entries.TryGetValue(id, out LinkedListNode<Entry>? node))
        {
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            return node.Value.Key;
        }

        SecretKey? key = Derive(_crypto, id, parent);
        if (key is null) return null;
        if (_entries.Count == _subkeysMax) Remove(_byUse.Last!);
        _entries[id] = _byUse.AddFirst(new Entry(id, key));
        return key;
    }

    /// <summary>Derives a subkey outside the cache, for a sealing stream that keeps its own.</summary>
    /// <returns>Null if the parent was erased meanwhile.</returns>
    public static SecretKey? Derive(CryptoProvider crypto, in SubkeyId id, SecretKey parent)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(parent);
        using KeyLease lease = parent.Lease();
        if (!lease.IsLive) return null;
        Span<byte> subkey = stackalloc byte[CryptoSizes.KeyBytes];
        if (id.Purpose == SubkeyPurpose.Symbols)
        {
            SymbolCipher.DeriveSymbolKey(crypto.Kdf, id.ZoneKeyId, lease.Bytes, id.Source, id.Instance, subkey);
        }
        else
        {
            SymbolCipher.DeriveControlKey(crypto.Kdf, id.ZoneKeyId, lease.Bytes, id.Source, id.Instance, subkey);
        }

        SecretKey key = crypto.Vault.Import(subkey);
        CryptographicOperations.ZeroMemory(subkey);
        return key;
    }

    /// <summary>Erases every subkey of a zone key that left the ring.</summary>
    public void Erase(ZoneIdHash zone, ZoneKeyId zoneKeyId) => EraseWhere(zone, zoneKeyId, null);

    /// <summary>Erases every subkey of a zone key's epochs before <paramref name="firstKept"/>.</summary>
    public void Erase(ZoneIdHash zone, ZoneKeyId zoneKeyId, EpochId firstKept) => EraseWhere(zone, zoneKeyId, firstKept);

    /// <summary>Erases everything.</summary>
    public void Dispose()
    {
        foreach (Entry entry in _byUse) entry.Key.Dispose();
        _byUse.Clear();
        _entries.Clear();
    }

    private void EraseWhere(ZoneIdHash zone, ZoneKeyId zoneKeyId, EpochId? firstKept)
    {
        for (LinkedListNode<Entry>? node = _byUse.First; node is not null;)
        {
            LinkedListNode<Entry>? next = node.Next;
            SubkeyId id = node.Value.Id;
            bool isOfKey = id.ZoneKeyId == zoneKeyId && id.Zone == zone;
            if (isOfKey && (firstKept is null || id.Epoch.Value < firstKept.Value.Value)) Remove(node);
            node = next;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Id);
        _byUse.Remove(node);
        node.Value.Key.Dispose();
    }

    private readonly record struct Entry(SubkeyId Id, SecretKey Key);
}
