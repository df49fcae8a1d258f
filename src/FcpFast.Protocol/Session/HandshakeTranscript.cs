using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>What ties the messages of a handshake to their signers and to each other.</summary>
/// <remarks>
/// Shape:   signatures cover a domain string and the fields as CBOR items without a container; that of an Ack covers the Hello's
///          ephemeral key and nonce too. The writer given is scratch: its content is lost.
/// Threads: stateless; one user of a scratch writer at a time.
/// Cost:    one Ed25519 operation; no allocation once the scratch has grown to a transcript.
/// Source:  [WIRE §7.3], [WIRE §7.5].
/// </remarks>
public static class HandshakeTranscript
{
    /// <summary>Signs a Hello whose other fields are complete, the cookie included.</summary>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="seed">The node signing key's seed, 32 bytes.</param>
    /// <param name="hello">The message.</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="signature">64 bytes, to be put into the message.</param>
    public static void SignHello(
        ISignatures signatures, ReadOnlySpan<byte> seed, scoped in HelloMessage hello, CborWriter scratch, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(scratch);
        hello.WriteTranscript(scratch.Reset());
        signatures.Sign(seed, scratch.Written, signature);
    }

    /// <summary>Verifies a Hello's signature by the attested signing key of its <c>from</c>.</summary>
    /// <remarks>Errors: <c>MissingSignature</c>, <c>InvalidSignature</c>.</remarks>
    public static FcpStatus VerifyHello(ISignatures signatures, PublicKey signer, scoped in HelloMessage hello, CborWriter scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        if (hello.Signature.IsEmpty) return FcpStatus.MissingSignature;
        hello.WriteTranscript(scratch.Reset());
        return Verify(signatures, signer, scratch.Written, hello.Signature);
    }

    /// <summary>Signs an Ack whose other fields are complete.</summary>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="seed">The node signing key's seed, 32 bytes.</param>
    /// <param name="ack">The message.</param>
    /// <param name="helloEphemeralKey">32 bytes of the Hello that it answers.</param>
    /// <param name="helloNonce">16 bytes of that Hello.</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="signature">64 bytes, to be put into the message.</param>
    public static void SignAck(
        ISignatures signatures, ReadOnlySpan<byte> seed, scoped in AckMessage ack, ReadOnlySpan<byte> helloEphemeralKey,
        ReadOnlySpan<byte> helloNonce, CborWriter scratch, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(scratch);
        ack.WriteTranscript(scratch.Reset(), helloEphemeralKey, helloNonce);
        signatures.Sign(seed, scratch.Written, signature);
    }

    /// <summary>Verifies an Ack's signature by the attested signing key of its <c>from</c>, as an answer to <paramref name="hello"/>.</summary>
    /// <remarks>Errors: <c>MissingSignature</c>, <c>InvalidSignature</c>.</remarks>
    public static FcpStatus VerifyAck(
        ISignatures signatures, PublicKey signer, scoped in AckMessage ack, scoped in HelloMessage hello, CborWriter scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        if (ack.Signature.IsEmpty) return FcpStatus.MissingSignature;
        ack.WriteTranscript(scratch.Reset(), hello.EphemeralKey, hello.Nonce);
        return Verify(signatures, signer, scratch.Written, ack.Signature);
    }

    /// <summary>The first check of an Ack: it comes from the node that was asked and names the node that asked.</summary>
    /// <remarks>Errors: <c>AckPeerMismatch</c>.</remarks>
    public static FcpStatus CheckAckPeers(scoped in AckMessage ack, scoped in HelloMessage hello) =>
        ack.From.SequenceEqual(hello.To) && ack.To.SequenceEqual(hello.From) ? FcpStatus.Accepted : FcpStatus.AckPeerMismatch;

    /// <summary>The check of an Ack's suite, after identity, skew and attestation: it was offered and is not below the floor.</summary>
    /// <param name="ack">The answer.</param>
    /// <param name="hello">What was asked.</param>
    /// <param name="suiteMin">The floor; <see cref="MacSuite.Unset"/> for none.</param>
    /// <remarks>Errors: <c>SuiteNotOffered</c>, then <c>SuiteBelowFloor</c>.</remarks>
    public static FcpStatus CheckAckSuite(scoped in AckMessage ack, scoped in HelloMessage hello, MacSuite suiteMin)
    {
        if (!hello.Suites.Contains(ack.Suite)) return FcpStatus.SuiteNotOffered;
        return ack.Suite < suiteMin ? FcpStatus.SuiteBelowFloor : FcpStatus.Accepted;
    }

    private static FcpStatus Verify(ISignatures signatures, PublicKey signer, ReadOnlySpan<byte> transcript, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        Span<byte> key = stackalloc byte[PublicKey.Length];
        signer.Value.Write(key);
        return signatures.Verify(key, transcript, signature) ? FcpStatus.Accepted : FcpStatus.InvalidSignature;
    }
}
