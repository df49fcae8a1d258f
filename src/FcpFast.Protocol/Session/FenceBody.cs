using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>A receiver that kept its session over a restart tells where it goes on: lower numbers of the stream would be refused.</summary>
/// <param name="Session">The session that it belongs to; it counts on no other.</param>
/// <param name="Instance">The stream.</param>
/// <param name="Ceiling">The receiver takes numbers above this one.</param>
/// <remarks>Source: [WIRE §16.4], [REPLAY §6.2]. Unsigned: the control channel authenticates it.</remarks>
public readonly record struct FenceBody(SessionId Session, SenderInstanceId Instance, FrameSeq Ceiling)
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.Fence.ComputeHash();

    /// <summary>Reads the schema-prefixed payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out FenceBody fence)
    {
        fence = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ulong ceiling = map.Unsigned("ceiling"u8);
        ReadOnlySpan<byte> session = map.Bytes("session_id"u8, SessionId.Length);
        ulong instance = map.Unsigned("sender_instance_id"u8);
        status = map.End();
        if (status == FcpStatus.Accepted) fence = new FenceBody(new SessionId(Bytes16.Read(session)), new SenderInstanceId(instance), new FrameSeq(ceiling));
        return status;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(3);
        writer.Key("ceiling"u8);
        writer.Unsigned(Ceiling.Value);
        writer.Key("session_id"u8);
        writer.Bytes(Session.Value);
        writer.Key("sender_instance_id"u8);
        writer.Unsigned(Instance.Value);
    }
}
