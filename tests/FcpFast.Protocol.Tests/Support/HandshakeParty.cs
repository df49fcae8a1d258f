using System;
using System.Security.Cryptography;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>One node of a handshake, with real keys: what it has on file, and both roles.</summary>
internal sealed class HandshakeParty : IDisposable
{
    /// <summary>The signing key's seed of a node comes from its name, so that tests can forge for anyone.</summary>
    public HandshakeParty(string name, int seed = 1, Func<HandshakeContext, HandshakeContext>? change = null, Instant? startedAt = null)
    {
        Crypto = new RealCrypto(seed);
        Id = TestNodes.Node(name);
        var context = new HandshakeContext(
            Crypto.Provider, new LocalIdentity(Id, Crypto.Vault.Import(SeedOf(name))), Peers, Sessions);
        Context = change?.Invoke(context) ?? context;
        Responder = new HandshakeResponder(Context, startedAt ?? LongAgo);
    }

    /// <summary>Long enough before <see cref="TestNodes.Start"/> that no start is recent.</summary>
    public static Instant LongAgo => new(TestNodes.Start.Ticks - (1_000 * Instant.TicksPerSecond), TestNodes.Start.UnixSeconds - 1_000);

    public RealCrypto Crypto { get; }

    public NodeId Id { get; }

    public PeerDirectory Peers { get; } = new();

    public SessionTable Sessions { get; } = new();

    public HandshakeContext Context { get; }

    public HandshakeResponder Responder { get; }

    /// <summary>The answer to the last Hello; empty if there was none.</summary>
    public byte[] Reply { get; private set; } = [];

    public static byte[] SeedOf(string name) => SHA256.HashData(Encoding.ASCII.GetBytes(name));

    public void File(string name, FcpStatus attestation = FcpStatus.Accepted, ulong expiresInSeconds = 3_600)
    {
        byte[] key = new byte[32];
        Crypto.Provider.Signatures.DerivePublicKey(SeedOf(name), key);
        Peers.Set(new PeerIdentity(TestNodes.Node(name), PublicKey.Read(key), attestation, TestNodes.Start.UnixSeconds + expiresInSeconds));
    }

    public FcpStatus Receive(byte[] hello, out PeerSession? session, Instant? at = null, bool isAddressProven = true)
    {
        var reply = new CborWriter();
        FcpStatus status = Responder.Receive(hello, isAddressProven, at ?? TestNodes.Start, reply, out session);
        Reply = reply.ToArray();
        return status;
    }

    public HandshakeInitiator Greet(HandshakeParty responder, out byte[] hello, Instant? at = null)
    {
        var initiator = new HandshakeInitiator(Context, responder.Id, at ?? TestNodes.Start);
        hello = Hello(initiator);
        return initiator;
    }

    public static byte[] Hello(HandshakeInitiator initiator)
    {
        var writer = new CborWriter();
        if (initiator.WriteHello(writer) != FcpStatus.Accepted) throw new InvalidOperationException("no Hello");
        return writer.ToArray();
    }

    public void Dispose() => Responder.Dispose();
}
