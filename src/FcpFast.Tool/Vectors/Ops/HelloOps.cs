using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>Hello, HelloRetry and cookies of the family session. [WIRE §7.1] to [WIRE §7.5]</summary>
internal static class HelloOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["hello"] = inputs => Make(inputs, crypto);
        ops["hello_decode"] = Decode;
        ops["hello_verify"] = inputs => Verify(inputs, crypto.Signatures);
        ops["hello_retry"] = Retry;
        ops["cookie"] = inputs => MakeCookie(inputs, crypto);
        ops["cookie_check"] = inputs => CheckCookie(inputs, crypto.Kdf);
        ops["cookie_length"] = CookieLength;
    }

    /// <summary>The ephemeral public key: given, or that of the secret given.</summary>
    public static byte[] EphemeralKey(VectorInputs inputs, IKeyExchange exchange)
    {
        if (inputs.TryBytes("eph_pubkey") is { } given) return given;
        byte[] key = new byte[CryptoSizes.KeyBytes];
        exchange.DerivePublicKey(inputs.Bytes("eph_secret"), key);
        return key;
    }

    /// <summary>The suites under that name; a number that is no suite is kept, for the message's own check.</summary>
    public static MacSuite[] Suites(VectorInputs inputs, string name) =>
        [.. inputs.ULongs(name).Select(static number => checked((MacSuite)number))];

    private static VectorResult Make(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = Read(inputs, crypto, out HelloMessage hello);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var result = new VectorResult().Bytes("eph_pubkey", hello.EphemeralKey);
        var writer = new CborWriter();
        if (inputs.TryBytes("signing_seed") is { } seed)
        {
            byte[] signature = new byte[CryptoSizes.SignatureBytes];
            HandshakeTranscript.SignHello(crypto.Signatures, seed, hello, writer, signature);
            hello.Signature = signature;
            result.Bytes("signature", signature);
        }

        hello.WriteTranscript(writer.Reset());
        result.Bytes("transcript", writer.Written);
        hello.Write(writer.Reset());
        status = HelloMessage.Parse(writer.Written, out _); // what is written must be a Hello that others accept
        return status == FcpStatus.Accepted ? result.Bytes("cbor", writer.Written) : VectorResult.Refused(status);
    }

    private static VectorResult Decode(VectorInputs inputs)
    {
        FcpStatus status = HelloMessage.Parse(inputs.Bytes("bytes"), out HelloMessage hello);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var suites = new JsonArray();
        for (int i = 0; i < hello.Suites.Count; i++) suites.Add((JsonNode)(int)hello.Suites[i]);
        var result = new VectorResult()
            .Text("from", Encoding.ASCII.GetString(hello.From))
            .Text("to", Encoding.ASCII.GetString(hello.To))
            .Bytes("eph_pubkey", hello.EphemeralKey)
            .Bytes("nonce", hello.Nonce)
            .Number64("timestamp", hello.TimestampUnixSeconds)
            .Node("suites", suites);
        if (!hello.Cookie.IsEmpty) result.Bytes("cookie", hello.Cookie);
        if (!hello.Signature.IsEmpty) result.Bytes("signature", hello.Signature);
        return hello.TransportLimits is { } limits ? result.Number("transport_limits", limits) : result;
    }

    private static VectorResult Verify(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = HelloMessage.Parse(inputs.Bytes("bytes"), out HelloMessage hello);
        if (status == FcpStatus.Accepted)
        {
            status = HandshakeTranscript.VerifyHello(signatures, PublicKey.Read(inputs.Bytes("verify_key")), hello, new CborWriter());
        }

        return status == FcpStatus.Accepted ? new VectorResult().Flag("valid", true) : VectorResult.Refused(status);
    }

    private static VectorResult Retry(VectorInputs inputs)
    {
        var retry = new HelloRetryMessage
        {
            From = Encoding.UTF8.GetBytes(inputs.Text("from")),
            To = Encoding.UTF8.GetBytes(inputs.Text("to")),
            Cookie = inputs.Bytes("cookie"),
            TimestampUnixSeconds = inputs.ULong("timestamp"),
        };
        var writer = new CborWriter();
        retry.Write(writer);
        FcpStatus status = HelloRetryMessage.Parse(writer.Written, out _);
        return status == FcpStatus.Accepted ? new VectorResult().Bytes("cbor", writer.Written) : VectorResult.Refused(status);
    }

    private static VectorResult MakeCookie(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = Read(inputs, crypto, out HelloMessage hello);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] cookie = new byte[SessionRules.CookieBytes];
        Cookie.Compute(crypto.Kdf, inputs.Bytes("cookie_key"), hello, new CborWriter(), cookie);
        return new VectorResult().Bytes("cookie", cookie);
    }

    /// <summary>The current key, then the one before it.</summary>
    private static VectorResult CheckCookie(VectorInputs inputs, IKdf kdf)
    {
        FcpStatus status = HelloMessage.Parse(inputs.Bytes("bytes"), out HelloMessage hello);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = FcpStatus.InvalidCookie;
        foreach (byte[] key in inputs.ByteStrings("cookie_keys"))
        {
            if (status != FcpStatus.Accepted) status = Cookie.Check(kdf, key, hello, new CborWriter());
        }

        return status == FcpStatus.Accepted ? new VectorResult().Flag("valid", true) : VectorResult.Refused(status);
    }

    private static VectorResult CookieLength(VectorInputs inputs)
    {
        byte[] cookie = inputs.Bytes("bytes");
        FcpStatus status = Cookie.CheckLength(cookie);
        return status == FcpStatus.Accepted ? new VectorResult().Bytes("cookie", cookie) : VectorResult.Refused(status);
    }

    /// <summary>The Hello that the inputs describe, unsigned; more suites than a Hello holds are refused as its decoder refuses them.</summary>
    private static FcpStatus Read(VectorInputs inputs, CryptoProvider crypto, out HelloMessage hello)
    {
        hello = default;
        MacSuite[] suites = Suites(inputs, "suites");
        if (suites.Length > SessionRules.SuitesMax) return FcpStatus.InvalidSuites;
        hello = new HelloMessage
        {
            From = Encoding.UTF8.GetBytes(inputs.Text("from")),
            To = Encoding.UTF8.GetBytes(inputs.Text("to")),
            EphemeralKey = EphemeralKey(inputs, crypto.KeyExchange),
            Nonce = inputs.Bytes("nonce"),
            Cookie = inputs.TryBytes("cookie"),
            TimestampUnixSeconds = inputs.ULong("timestamp"),
            Suites = new SuiteList(suites),
            TransportLimits = checked((ushort?)inputs.TryInt("transport_limits")),
        };
        return FcpStatus.Accepted;
    }
}
