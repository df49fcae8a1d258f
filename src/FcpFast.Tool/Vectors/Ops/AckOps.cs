using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The Ack of the family session. [WIRE §7.1], [WIRE §7.3], [WIRE §7.5]</summary>
internal static class AckOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["ack"] = inputs => Make(inputs, crypto);
        ops["ack_decode"] = Decode;
        ops["ack_verify"] = inputs => Verify(inputs, crypto.Signatures);
    }

    private static VectorResult Make(VectorInputs inputs, CryptoProvider crypto)
    {
        var ack = new AckMessage
        {
            From = Encoding.UTF8.GetBytes(inputs.Text("from")),
            To = Encoding.UTF8.GetBytes(inputs.Text("to")),
            EphemeralKey = HelloOps.EphemeralKey(inputs, crypto.KeyExchange),
            Nonce = inputs.Bytes("nonce"),
            SessionId = DatagramOps.Session(inputs),
            Suite = checked((MacSuite)inputs.ULong("suite")),
            TimestampUnixSeconds = inputs.ULong("timestamp"),
        };
        byte[] helloKey = inputs.Bytes("hello_eph_pubkey"), helloNonce = inputs.Bytes("hello_nonce");
        var result = new VectorResult().Bytes("eph_pubkey", ack.EphemeralKey);
        var writer = new CborWriter();
        if (inputs.TryBytes("signing_seed") is { } seed)
        {
            byte[] signature = new byte[CryptoSizes.SignatureBytes];
            HandshakeTranscript.SignAck(crypto.Signatures, seed, ack, helloKey, helloNonce, writer, signature);
            ack.Signature = signature;
            result.Bytes("signature", signature);
        }

        ack.WriteTranscript(writer.Reset(), helloKey, helloNonce);
        result.Bytes("transcript", writer.Written);
        ack.Write(writer.Reset());
        FcpStatus status = AckMessage.Parse(writer.Written, out _); // what is written must be an Ack that others accept
        return status == FcpStatus.Accepted ? result.Bytes("cbor", writer.Written) : VectorResult.Refused(status);
    }

    private static VectorResult Decode(VectorInputs inputs)
    {
        FcpStatus status = AckMessage.Parse(inputs.Bytes("bytes"), out AckMessage ack);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var result = new VectorResult()
            .Text("from", Encoding.ASCII.GetString(ack.From))
            .Text("to", Encoding.ASCII.GetString(ack.To))
            .Bytes("eph_pubkey", ack.EphemeralKey)
            .Bytes("nonce", ack.Nonce)
            .Text("session_id", ack.SessionId.ToString())
            .Number("suite", (long)ack.Suite)
            .Number64("timestamp", ack.TimestampUnixSeconds);
        return ack.Signature.IsEmpty ? result : result.Bytes("signature", ack.Signature);
    }

    /// <summary>The checks that need no clock and no state: ids, suite offered, floor, signature.</summary>
    private static VectorResult Verify(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = AckMessage.Parse(inputs.Bytes("bytes"), out AckMessage ack);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = HelloMessage.Parse(inputs.Bytes("hello"), out HelloMessage hello);
        if (status != FcpStatus.Accepted) throw new VectorFormatException($"the Hello is refused as {FcpStatusNames.NameOf(status)}");
        var suiteMin = checked((MacSuite)(inputs.TryULong("min_suite") ?? 0));
        status = HandshakeTranscript.CheckAckPeers(ack, hello);
        if (status == FcpStatus.Accepted) status = HandshakeTranscript.CheckAckSuite(ack, hello, suiteMin);
        if (status == FcpStatus.Accepted)
        {
            status = HandshakeTranscript.VerifyAck(signatures, PublicKey.Read(inputs.Bytes("verify_key")), ack, hello, new CborWriter());
        }

        return status == FcpStatus.Accepted ? new VectorResult().Flag("valid", true) : VectorResult.Refused(status);
    }
}
