using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>Suites, limits and keys of the family session. [WIRE §7.1], [WIRE §7.5], [WIRE §7.6]</summary>
internal static class SessionOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["negotiate"] = Negotiate;
        ops["session_keys"] = inputs => Keys(inputs, crypto);
        ops["suite"] = Suite;
        ops["max_datagram"] = DatagramLimit;
    }

    private static VectorResult Negotiate(VectorInputs inputs)
    {
        FcpStatus status = SessionRules.Negotiate(HelloOps.Suites(inputs, "initiator"), HelloOps.Suites(inputs, "responder"), out MacSuite suite);
        return status == FcpStatus.Accepted ? new VectorResult().Number("suite", (long)suite) : VectorResult.Refused(status);
    }

    private static VectorResult Keys(VectorInputs inputs, CryptoProvider crypto)
    {
        byte[] shared = new byte[CryptoSizes.KeyBytes], keys = new byte[SessionKeySchedule.KeysBytes];
        if (!crypto.KeyExchange.TryAgree(inputs.Bytes("eph_secret"), inputs.Bytes("peer_eph_public"), shared))
        {
            return VectorResult.Refused(FcpStatus.InvalidPublicKey);
        }

        SessionKeySchedule.Derive(
            crypto.Kdf, shared, DatagramOps.Session(inputs), Encoding.UTF8.GetBytes(inputs.Text("initiator")),
            Encoding.UTF8.GetBytes(inputs.Text("responder")), inputs.Bytes("hello_nonce"), inputs.Bytes("ack_nonce"), keys);
        return new VectorResult()
            .Bytes("shared_secret", shared)
            .Bytes("k_mac_i2r", keys.AsSpan(0, CryptoSizes.KeyBytes))
            .Bytes("k_mac_r2i", keys.AsSpan(CryptoSizes.KeyBytes, CryptoSizes.KeyBytes))
            .Bytes("k_ctx", keys.AsSpan(2 * CryptoSizes.KeyBytes));
    }

    private static VectorResult Suite(VectorInputs inputs)
    {
        FcpStatus status = SessionRules.ParseSuite(inputs.ULong("id"), out MacSuite suite);
        return status == FcpStatus.Accepted ? new VectorResult().Text("label", SessionRules.SuiteLabel(suite)) : VectorResult.Refused(status);
    }

    private static VectorResult DatagramLimit(VectorInputs inputs)
    {
        FcpStatus status = SessionRules.DatagramLimit(checked((ushort?)inputs.TryInt("transport_limits")), out int datagramBytesMax);
        return status == FcpStatus.Accepted ? new VectorResult().Number("max_datagram", datagramBytesMax) : VectorResult.Refused(status);
    }
}
