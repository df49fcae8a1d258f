using System;
using System.Collections.Generic;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls.Schedule;

/// <summary>The message keys of an epoch: a secret a leaf, derived when asked for, what it was derived from erased.</summary>
/// <remarks>
/// Shape:   a leaf's secret becomes two ratchets, for handshake and application messages.
/// Threads: one user at a time.
/// Source:  [RFC 9420 §9].
/// </remarks>
internal sealed class SecretTree : IDisposable
{
    private readonly MlsCrypto _crypto;
    private readonly Dictionary<uint, SecretKey> _nodes;
    private readonly Dictionary<(uint Leaf, bool IsHandshake), SenderRatchet> _ratchets;

    /// <summary>Takes over the encryption secret of an epoch.</summary>
    public SecretTree(MlsCrypto crypto, SecretKey encryption, uint leaves)
        : this(crypto, leaves, new Dictionary<uint, SecretKey> { [TreeMath.Root(leaves)] = encryption }, [])
    {
    }

    public SecretTree(
        MlsCrypto crypto, uint leaves, Dictionary<uint, SecretKey> nodes, Dictionary<(uint Leaf, bool IsHandshake), SenderRatchet> ratchets)
    {
        _crypto = crypto;
        Leaves = leaves;
        _nodes = nodes;
        _ratchets = ratchets;
    }

    public uint Leaves { get; }

    public IReadOnlyDictionary<uint, SecretKey> Nodes => _nodes;

    public IReadOnlyDictionary<(uint Leaf, bool IsHandshake), SenderRatchet> Ratchets => _ratchets;

    /// <summary>The ratchet of a leaf of this tree.</summary>
    public SenderRatchet RatchetOf(uint leaf, ContentType type)
    {
        bool isHandshake = type != ContentType.Application;
        if (_ratchets.TryGetValue((leaf, isHandshake), out SenderRatchet? ratchet)) return ratchet;
        using SecretKey secret = TakeLeaf(leaf);
        using KeyLease lease = secret.Lease();
        _ratchets[(leaf, true)] = new SenderRatchet(_crypto, _crypto.Expand(lease.Bytes, "handshake"u8, default), 0);
        _ratchets[(leaf, false)] = new SenderRatchet(_crypto, _crypto.Expand(lease.Bytes, "application"u8, default), 0);
        return _ratchets[(leaf, isHandshake)];
    }

    public void Dispose()
    {
        foreach (SecretKey node in _nodes.Values) node.Dispose();
        foreach (SenderRatchet ratchet in _ratchets.Values) ratchet.Dispose();
        _nodes.Clear();
        _ratchets.Clear();
    }

    private SecretKey TakeLeaf(uint leaf)
    {
        Invariant.Require(leaf < Leaves, "a ratchet belongs to a leaf of the tree");
        uint node = 2 * leaf;
        while (!_nodes.ContainsKey(node)) node = TreeMath.Parent(node);
        while (node != 2 * leaf)
        {
            _nodes.Remove(node, out SecretKey? secret);
            using (secret)
            {
                using KeyLease lease = secret!.Lease();
                _nodes[TreeMath.Left(node)] = _crypto.Expand(lease.Bytes, "tree"u8, "left"u8);
                _nodes[TreeMath.Right(node)] = _crypto.Expand(lease.Bytes, "tree"u8, "right"u8);
            }

            node = TreeMath.IsBelow(2 * leaf, TreeMath.Left(node)) ? TreeMath.Left(node) : TreeMath.Right(node);
        }

        _nodes.Remove(node, out SecretKey? leafSecret);
        return leafSecret!;
    }
}
