using System;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Witnesses;

/// <summary>What a node says of its own start: its generation, signed by itself. Peers keep the highest and show it again: so they are witnesses.</summary>
/// <remarks>
/// <code>{nonce: bstr 16, node_id: text, signature: bstr 64, generation: uint, started_at: uint}, signed by the node under fcpfast.generation.v1</code>
/// Shape:  a peer can keep a statement back but cannot make one up, so no peer can make a node believe that its disk was put back.
/// Source: [REPLAY §5.5]; README.md of this project.
/// </remarks>
public sealed record GenerationStatement
{
    private static ReadOnlySpan<byte> SignatureField => "signature"u8;

    private GenerationStatement()
    {
    }

    /// <summary>The node.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Which start of its store this is; grows with each.</summary>
    public required ulong Generation { get; init; }

    /// <summary>When it started, for people.</summary>
    public required ulong StartedAtUnixSeconds { get; init; }

    /// <summary>Drawn at the start: two starts under one generation differ in it.</summary>
    public required Bytes16 Nonce { get; init; }

    /// <summary>The canonical CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; private init; }

    /// <summary>Reads a statement; its signature is not verified yet.</summary>
    /// <remarks>Errors: those of section 3 (limit 8,192), then <c>InvalidGeneration</c> for the node id or a generation of 0. Source: [WIRE §3].</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out GenerationStatement? statement)
    {
        statement = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.AttestationBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ReadOnlySpan<byte> nonce = map.Bytes("nonce"u8, Bytes16.Length), node = map.Text("node_id"u8);
        map.Bytes(SignatureField, CryptoSizes.SignatureBytes);
        ulong generation = map.Unsigned("generation"u8), startedAt = map.Unsigned("started_at"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (NodeId.Parse(node, out NodeId id) != FcpStatus.Accepted || generation == 0) return FcpStatus.InvalidGeneration;
        statement = new GenerationStatement
        {
            Node = id, Generation = generation, StartedAtUnixSeconds = startedAt, Nonce = Bytes16.Read(nonce), Encoded = bytes.ToArray(),
        };
        return FcpStatus.Accepted;
    }

    /// <summary>Makes and signs this node's own statement.</summary>
    public static GenerationStatement Sign(NodeId node, NodeKeys keys, ulong generation, ulong startedAtUnixSeconds, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(crypto);
        Span<byte> nonce = stackalloc byte[Bytes16.Length];
        crypto.Random.Fill(nonce);
        var statement = new GenerationStatement { Node = node, Generation = generation, StartedAtUnixSeconds = startedAtUnixSeconds, Nonce = Bytes16.Read(nonce) };
        var writer = new CborWriter();
        statement.Write(writer, null);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        using (KeyLease lease = keys.Signing.Lease())
        {
            if (!lease.IsLive) ThrowHelper.BadState("the node's keys were disposed");
            crypto.Signatures.Sign(lease.Bytes, ControlSigningIds.Generation.SigningBytes(writer.Written), signature);
        }

        statement.Write(writer.Reset(), signature);
        return statement with { Encoded = writer.ToArray() };
    }

    /// <summary>True if the holder of this signing key signed it.</summary>
    public bool Verifies(PublicKey signingKey, ISignatures signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        Span<byte> key = stackalloc byte[PublicKey.Length];
        signingKey.Value.Write(key);
        CborMapReader map = CborMapReader.Open(Encoded.Span);
        map.TryField("nonce"u8, out _);
        map.TryField("node_id"u8, out _);
        ReadOnlySpan<byte> signature = map.Bytes(SignatureField, CryptoSizes.SignatureBytes);
        return signatures.Verify(key, ControlSigningIds.Generation.SigningBytes(CborMapCut.Without(Encoded.Span, SignatureField)), signature);
    }

    private void Write(CborWriter writer, byte[]? signature)
    {
        writer.BeginMap(signature is null ? 4 : 5);
        writer.Key("nonce"u8);
        writer.Bytes(Nonce);
        writer.Key("node_id"u8);
        writer.Text(Node.ToString());
        if (signature is not null)
        {
            writer.Key(SignatureField);
            writer.Bytes(signature);
        }

        writer.Key("generation"u8);
        writer.Unsigned(Generation);
        writer.Key("started_at"u8);
        writer.Unsigned(StartedAtUnixSeconds);
    }
}
