using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>A Hello parsed: canonical CBOR as a stranger may send it.</summary>
internal sealed class CborBody : BenchBody
{
    private readonly byte[] _hello = MakeHello();
    private FcpStatus _status;

    /// <summary>Bytes of the message.</summary>
    public static int MessageBytes => MakeHello().Length;

    public override void Check()
    {
        Pass();
        Require(_status == FcpStatus.Accepted, "the Hello is one");
        _hello[^3] ^= 0xff;
        Pass();
        _hello[^3] ^= 0xff;
        Pass();
        Require(_status == FcpStatus.Accepted, "the Hello is one again");
    }

    public override void Pass() => _status = HelloMessage.Parse(_hello, out _);

    private static byte[] MakeHello()
    {
        var writer = new CborWriter();
        new HelloMessage
        {
            From = "node-a"u8,
            To = "node-b"u8,
            EphemeralKey = BenchData.Make(1, CryptoSizes.KeyBytes),
            Nonce = BenchData.Make(2, SessionRules.NonceBytes),
            Cookie = BenchData.Make(3, SessionRules.CookieBytes),
            TimestampUnixSeconds = 1_700_000_000,
            Suites = new SuiteList([MacSuite.Blake3, MacSuite.HmacSha256]),
            TransportLimits = 1200,
            Signature = BenchData.Make(4, CryptoSizes.SignatureBytes),
        }.Write(writer);
        return writer.ToArray();
    }
}
