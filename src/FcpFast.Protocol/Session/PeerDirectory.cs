using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>The identities on file, found by the id as it stands in a message.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Cost:    a dictionary look-up without allocation, whatever bytes a stranger sends.
/// Source:  [WIRE §7.5] (identity on file).
/// </remarks>
public sealed class PeerDirectory
{
    private readonly Dictionary<string, PeerIdentity> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PeerIdentity>.AlternateLookup<ReadOnlySpan<char>> _byText;

    /// <summary>Makes an empty directory.</summary>
    public PeerDirectory() => _byText = _peers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every identity on file.</summary>
    public IReadOnlyCollection<PeerIdentity> All => _peers.Values;

    /// <summary>Files an identity, or replaces the one on file.</summary>
    public void Set(PeerIdentity peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _peers[peer.NodeId.ToString()] = peer;
    }

    /// <summary>A node's attestation counts no more, whatever it says of its own end: handshakes with it are refused from now on.</summary>
    /// <returns>False if none is on file.</returns>
    public bool Revoke(NodeId nodeId)
    {
        if (Find(nodeId) is not { } peer) return false;
        Set(peer with { Attestation = FcpStatus.InvalidAttestation });
        return true;
    }

    /// <summary>The identity of a node; null if none is on file.</summary>
    /// <param name="nodeId">A node id as it stands in a message; what is none is on file of nobody.</param>
    public PeerIdentity? Find(ReadOnlySpan<byte> nodeId)
    {
        Span<char> text = stackalloc char[NodeId.MaxBytes];
        if (NodeId.Check(nodeId) != FcpStatus.Accepted) return null; // another byte would be read as a question mark, which an id may have
        return _byText.TryGetValue(text[..Encoding.ASCII.GetChars(nodeId, text)], out PeerIdentity? peer) ? peer : null;
    }

    /// <summary>The identity of a node; null if none is on file.</summary>
    public PeerIdentity? Find(NodeId nodeId) => _peers.GetValueOrDefault(nodeId.ToString());
}
