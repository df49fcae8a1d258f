using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tree;

/// <summary>The private keys that a member holds: of its leaf and of nodes above.</summary>
/// <remarks>
/// Shape:   copies share keys. A copy is changed, and then exactly one of both goes on: <see cref="EraseAllBut"/> on the other erases what only it has.
/// Threads: one user at a time.
/// Source:  [RFC 9420 §4.2].
/// </remarks>
internal sealed class PathKeys
{
    private readonly Dictionary<uint, SecretKey> _byNode;

    public PathKeys() => _byNode = [];

    private PathKeys(Dictionary<uint, SecretKey> byNode) => _byNode = byNode;

    public IReadOnlyDictionary<uint, SecretKey> ByNode => _byNode;

    public PathKeys Clone() => new(new Dictionary<uint, SecretKey>(_byNode));

    public SecretKey? Find(uint node) => _byNode.GetValueOrDefault(node);

    /// <summary>Sets a node's key; the one before is not erased: another copy may hold it.</summary>
    public void Set(uint node, SecretKey key) => _byNode[node] = key;

    /// <summary>Drops the keys of nodes that are blank now, or outside the tree.</summary>
    public void DropBlank(RatchetTree tree)
    {
        foreach (uint node in new List<uint>(_byNode.Keys))
        {
            if (tree[node] is null) _byNode.Remove(node);
        }
    }

    /// <summary>Erases the keys that <paramref name="survivor"/> does not hold.</summary>
    public void EraseAllBut(PathKeys? survivor)
    {
        var kept = new HashSet<SecretKey>(survivor?._byNode.Values ?? (IEnumerable<SecretKey>)Array.Empty<SecretKey>());
        foreach (SecretKey key in _byNode.Values)
        {
            if (!kept.Contains(key)) key.Dispose();
        }

        _byNode.Clear();
    }
}
