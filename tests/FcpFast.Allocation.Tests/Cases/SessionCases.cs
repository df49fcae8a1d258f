using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>What a stranger can make a node do before it has proved anything.</summary>
internal static class SessionCases
{
    public static Action ParseHello()
    {
        byte[] hello = Hello();
        return () =>
        {
            WireCases.Expect(HelloMessage.Parse(hello, out HelloMessage parsed));
            if (parsed.Suites.Count != 2) throw new InvalidOperationException("other suites");
        };
    }

    public static Action AnswerWithRetry()
    {
        byte[] hello = Hello();
        NodeId.Parse("node-b", out NodeId self);
        var context = new HandshakeContext(
            CryptoCases.Crypto, new LocalIdentity(self, CryptoCases.Crypto.Vault.Import(new byte[32])), new PeerDirectory(), new SessionTable());
        var responder = new HandshakeResponder(context, new Instant(0, 1_700_000_000));
        var reply = new CborWriter(512);
        return () =>
        {
            FcpStatus status = responder.Receive(hello, isAddressProven: false, new Instant(1, 1_700_000_000), reply, out _);
            if (status != FcpStatus.InvalidCookie || reply.Written.IsEmpty) throw new InvalidOperationException("no retry");
        };
    }

    public static Action ValidateCbor()
    {
        byte[] hello = Hello();
        return () => WireCases.Expect(CanonicalCbor.Validate(hello, hello.Length));
    }

    public static Action RefuseCbor()
    {
        byte[] hello = Hello();
        hello[^3] = 0x5f; // the last value becomes an indefinite byte string
        return () =>
        {
            if (HelloMessage.Parse(hello, out _) == FcpStatus.Accepted) throw new InvalidOperationException("accepted");
        };
    }

    public static Action Count()
    {
        var counters = new StatusCounters();
        return () =>
        {
            counters.Count(FcpStatus.TooShort);
            if (FcpStatusNames.NameOf(FcpStatus.TooShort).Length == 0 || counters[FcpStatus.TooShort] == 0) throw new InvalidOperationException("not counted");
        };
    }

    private static byte[] Hello()
    {
        var writer = new CborWriter();
        new HelloMessage
        {
            From = "node-a"u8,
            To = "node-b"u8,
            EphemeralKey = new byte[32],
            Nonce = new byte[16],
            Cookie = new byte[32],
            TimestampUnixSeconds = 1_700_000_000,
            Suites = new SuiteList([MacSuite.Blake3, MacSuite.HmacSha256]),
            TransportLimits = 1200,
            Signature = new byte[64],
        }.Write(writer);
        return writer.ToArray();
    }
}
