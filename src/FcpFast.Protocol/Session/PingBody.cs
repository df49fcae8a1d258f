using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>Keeps a session alive, and confirms a new one.</summary>
/// <param name="Nonce">Repeated by the answer.</param>
/// <param name="Boot">Drawn when the sender's process started: another value means that it has restarted.</param>
/// <param name="IsReply">True for the answer.</param>
/// <remarks>Source: [WIRE §8].</remarks>
public readonly record struct PingBody(Bytes16 Nonce, Bytes16 Boot, bool IsReply)
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.Ping.ComputeHash();

    /// <summary>Reads the schema-prefixed payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out PingBody ping)
    {
        ping = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ReadOnlySpan<byte> boot = map.Bytes("boot"u8, Bytes16.Length), nonce = map.Bytes("nonce"u8, Bytes16.Length);
        bool isReply = map.Boolean("reply"u8);
        status = map.End();
        if (status == FcpStatus.Accepted) ping = new PingBody(Bytes16.Read(nonce), Bytes16.Read(boot), isReply);
        return status;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(3);
        writer.Key("boot"u8);
        writer.Bytes(Boot);
        writer.Key("nonce"u8);
        writer.Bytes(Nonce);
        writer.Key("reply"u8);
        writer.Boolean(IsReply);
    }
}
