using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family hashes_ids. [WIRE §2]</summary>
internal static class HashOps
{
    public static void Add(Dictionary<string, VectorOp> ops)
    {
        ops["canonical_id"] = CanonicalIdOf;
        ops["node_id"] = NodeIdOf;
        ops["zone_id"] = ZoneIdOf;
        ops["zone_from_tag"] = ZoneFromTag;
        ops["schema_hash"] = SchemaHashOf;
        ops["object_id"] = ObjectIdOf;
        ops["object_id_unscoped"] = static inputs =>
            new VectorResult().Text("object_id", ObjectId.Unscoped(inputs.Bytes("content")).ToString());
        ops["kid"] = static inputs => new VectorResult().Text("kid", KeyId.Of(inputs.Bytes("public_key")).ToString());
        ops["signing_tag"] = static inputs =>
            new VectorResult().Text("tag", new SigningId(inputs.Text("signing_id")).ComputeTag().ToString());
        ops["signing_bytes"] = static inputs =>
            new VectorResult().Bytes("signing_bytes", new SigningId(inputs.Text("signing_id")).SigningBytes(inputs.Bytes("cbor")));
    }

    private static VectorResult CanonicalIdOf(VectorInputs inputs)
    {
        FcpStatus status = CanonicalId.Parse(inputs.Text("text"), out CanonicalId id);
        return status == FcpStatus.Accepted ? new VectorResult().Text("id", id.ToString()) : VectorResult.Refused(status);
    }

    private static VectorResult NodeIdOf(VectorInputs inputs)
    {
        FcpStatus status = NodeId.Parse(inputs.Text("text"), out NodeId id);
        return status == FcpStatus.Accepted ? new VectorResult().Text("id", id.ToString()) : VectorResult.Refused(status);
    }

    private static VectorResult ZoneIdOf(VectorInputs inputs)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("text"), out ZoneId id);
        return status == FcpStatus.Accepted ? Zone(id) : VectorResult.Refused(status);
    }

    private static VectorResult ZoneFromTag(VectorInputs inputs)
    {
        FcpStatus status = ZoneId.ParseTailscaleTag(inputs.Text("text"), out ZoneId id);
        return status == FcpStatus.Accepted ? Zone(id) : VectorResult.Refused(status);
    }

    private static VectorResult Zone(ZoneId id) => new VectorResult()
        .Text("id", id.ToString())
        .Text("hash", id.ComputeHash().ToString())
        .Text("tag", id.TailscaleTag);

    private static VectorResult SchemaHashOf(VectorInputs inputs)
    {
        FcpStatus status = SchemaId.Parse(inputs.Text("schema"), out SchemaId? schema);
        return status == FcpStatus.Accepted
            ? new VectorResult().Text("hash", schema!.ComputeHash().ToString())
            : VectorResult.Refused(status);
    }

    private static VectorResult ObjectIdOf(VectorInputs inputs)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = SchemaId.Parse(inputs.Text("schema"), out SchemaId? schema);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        ObjectId id = ObjectId.Scoped(
            new Blake3Hasher(), inputs.Bytes("object_id_key"), zone, schema!.ComputeHash(), inputs.Bytes("content"));
        return new VectorResult().Text("object_id", id.ToString());
    }
}
