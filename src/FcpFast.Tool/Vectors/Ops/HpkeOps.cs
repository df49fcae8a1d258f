using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family hpke. [WIRE §10]</summary>
internal static class HpkeOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["hpke_aad"] = static inputs => new VectorResult().Bytes("aad", AssociatedData(inputs));
        ops["hpke_seal"] = inputs => Seal(inputs, crypto);
        ops["hpke_open"] = inputs => Open(inputs, crypto);
    }

    private static VectorResult Seal(VectorInputs inputs, CryptoProvider crypto)
    {
        byte[] plaintext = inputs.Bytes("plaintext"), box = new byte[plaintext.Length + SealedBox.OverheadBytes];
        byte[] recipient = new byte[CryptoSizes.KeyBytes];
        crypto.KeyExchange.DerivePublicKey(inputs.Bytes("recipient_secret"), recipient);
        CryptoProvider scripted = crypto with { Random = new ScriptedRandom([inputs.Bytes("eph_ikm")]) };
        FcpStatus status = SealedBox.Seal(scripted, recipient, AssociatedData(inputs), plaintext, box);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Bytes("enc", box.AsSpan(0, X25519Kem.EncapsulationBytes))
            .Bytes("ciphertext", box.AsSpan(X25519Kem.EncapsulationBytes))
            .Bytes("box", box);
    }

    private static VectorResult Open(VectorInputs inputs, CryptoProvider crypto)
    {
        byte[] box = inputs.Bytes("box"), plaintext = new byte[Math.Max(0, box.Length - SealedBox.OverheadBytes)];
        FcpStatus status = SealedBox.Open(crypto, inputs.Bytes("recipient_secret"), AssociatedData(inputs), box, plaintext);
        return status == FcpStatus.Accepted ? new VectorResult().Bytes("plaintext", plaintext) : VectorResult.Refused(status);
    }

    private static byte[] AssociatedData(VectorInputs inputs)
    {
        bool known = BoxContext.TryParsePurpose(Encoding.UTF8.GetBytes(inputs.Text("purpose")), out BoxPurpose purpose);
        if (!known
            || ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone) != FcpStatus.Accepted
            || NodeId.Parse(inputs.Text("recipient_node_id"), out NodeId recipient) != FcpStatus.Accepted)
        {
            throw new VectorFormatException("zone, recipient or purpose of a box is none");
        }

        return new BoxContext(zone, recipient, purpose, inputs.ULong("issued_at")).ToAssociatedData();
    }
}
