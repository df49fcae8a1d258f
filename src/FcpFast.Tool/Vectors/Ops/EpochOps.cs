using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family epochs. [WIRE §13]</summary>
internal static class EpochOps
{
    private const string AcceptedVerdict = "accepted";

    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["epoch_number"] = static inputs => new VectorResult().Number64("epoch", EpochSchedule.NumberAt(inputs.ULong("timestamp")).Value);
        ops["epoch_key"] = inputs => Key(inputs, crypto);
        ops["epoch_from_chain"] = inputs => FromChain(inputs, crypto.Kdf);
        ops["epoch_accept"] = Accept;
    }

    /// <summary>The schedule's own keys of an epoch; the chain that nodes keep must hold the same epoch key.</summary>
    private static VectorResult Key(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        ulong validFrom = inputs.ULong("valid_from");
        EpochId epoch = new(inputs.ULong("epoch")), first = EpochSchedule.NumberAt(validFrom);
        status = EpochSchedule.JudgeRatchet(epoch, first, high: epoch, retainEpochs: 0);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var zoneKeyId = new ZoneKeyId(Bytes8.Read(inputs.Bytes("zone_key_id")));
        byte[] zoneKey = inputs.Bytes("zone_key"), chainKey = new byte[CryptoSizes.KeyBytes], next = new byte[CryptoSizes.KeyBytes];
        EpochSchedule.DeriveFirstChainKey(crypto.Kdf, zoneKeyId, zoneKey, zone.ComputeHash(), first, chainKey);
        for (ulong e = first.Value; e < epoch.Value; e++)
        {
            EpochSchedule.DeriveNextChainKey(crypto.Kdf, chainKey, new EpochId(e), next);
            (chainKey, next) = (next, chainKey);
        }

        VectorResult result = FromChain(crypto.Kdf, chainKey, epoch, out byte[] epochKey).Number64("e0", first.Value).Bytes("chain_key", chainKey);
        using var chain = new EpochKeyChain(crypto, zoneKeyId, zoneKey, zone.ComputeHash(), validFrom, retainEpochs: 0, epoch);
        status = chain.TryGet(epoch, out SecretKey? kept);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        using KeyLease lease = kept!.Lease();
        if (!lease.Bytes.SequenceEqual(epochKey)) throw new VectorFormatException("the chain of nodes holds another epoch key");
        return inputs.Has("sender_node_id") ? AddSubkey(result, inputs, crypto.Kdf, zoneKeyId, epochKey) : result;
    }

    private static VectorResult AddSubkey(VectorResult result, VectorInputs inputs, IKdf kdf, ZoneKeyId zoneKeyId, byte[] epochKey)
    {
        FcpStatus status = NodeId.Parse(inputs.Text("sender_node_id"), out NodeId source);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] subkey = new byte[CryptoSizes.KeyBytes];
        var instance = new SenderInstanceId(inputs.ULong("sender_instance_id"));
        SymbolCipher.DeriveSymbolKey(kdf, zoneKeyId, epochKey, source, instance, subkey);
        return result.Bytes("subkey", subkey);
    }

    private static VectorResult FromChain(VectorInputs inputs, IKdf kdf) =>
        FromChain(kdf, inputs.Bytes("chain_key"), new EpochId(inputs.ULong("epoch")), out _);

    private static VectorResult FromChain(IKdf kdf, byte[] chainKey, EpochId epoch, out byte[] epochKey)
    {
        epochKey = new byte[CryptoSizes.KeyBytes];
        byte[] next = new byte[CryptoSizes.KeyBytes];
        EpochSchedule.DeriveEpochKey(kdf, chainKey, epoch, epochKey);
        EpochSchedule.DeriveNextChainKey(kdf, chainKey, epoch, next);
        return new VectorResult().Bytes("epoch_key", epochKey).Bytes("next_chain_key", next);
    }

    private static VectorResult Accept(VectorInputs inputs)
    {
        EpochId first = new(inputs.ULong("e0")), high = new(inputs.ULong("high"));
        uint retainEpochs = inputs.UInt("retain_epochs");
        var verdicts = new JsonArray([.. inputs.ULongs("epochs")
            .Select(epoch => EpochSchedule.JudgeRatchet(new EpochId(epoch), first, high, retainEpochs))
            .Select(static status => (JsonNode)(status == FcpStatus.Accepted ? AcceptedVerdict : FcpStatusNames.NameOf(status)))]);
        return new VectorResult().Node("verdicts", verdicts);
    }
}
