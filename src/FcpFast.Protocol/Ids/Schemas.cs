namespace FcpFast.Protocol.Ids;

/// <summary>The schemas that FcpFast reads and writes.</summary>
/// <remarks>Source: [WIRE §8], [WIRE §11], [WIRE §12.2], [WIRE §14], [WIRE §16], [WIRE §17].</remarks>
public static class Schemas
{
    /// <summary>The owner's manifest of a zone's keys.</summary>
    public static SchemaId ZoneKeyManifest { get; } = new("fcp.zone", "ZoneKeyManifest", "1.0.0");

    /// <summary>A zone's security profile.</summary>
    public static SchemaId ZoneSecurityProfile { get; } = new("fcp.zone", "ZoneSecurityProfile", "1.0.0");

    /// <summary>A message of an MLS zone's group.</summary>
    public static SchemaId MlsMessage { get; } = new("fcp.zone", "MlsMessage", "1.0.0");

    /// <summary>A list of chunk ids.</summary>
    public static SchemaId ChunkedObjectManifest { get; } = new("fcp.core", "ChunkedObjectManifest", "1.0.0");

    /// <summary>The bytes of one chunk; only ever hashed into chunk ids.</summary>
    public static SchemaId RawChunk { get; } = new("fcp.core", "RawChunk", "1.0.0");

    /// <summary>A body sealed to a zone.</summary>
    public static SchemaId Sealed { get; } = new("fcp.zone", "Sealed", "1.0.0");

    /// <summary>Proves which source a sender instance belongs to.</summary>
    public static SchemaId Stream { get; } = new("fcp.zone", "Stream", "1.0.0");

    /// <summary>Announces a file.</summary>
    public static SchemaId File { get; } = new("fcp.core", "File", "1.0.0");

    /// <summary>Announces one segment of a file.</summary>
    public static SchemaId Segment { get; } = new("fcp.core", "Segment", "1.0.0");

    /// <summary>What a receiver has, misses and can take.</summary>
    public static SchemaId TransferStatus { get; } = new("fcp.status", "TransferStatus", "1.0.0");

    /// <summary>Keeps a session alive and confirms a new one.</summary>
    public static SchemaId Ping { get; } = new("fcp.status", "Ping", "1.0.0");

    /// <summary>Tells a sender from which number on its frames are taken.</summary>
    public static SchemaId Fence { get; } = new("fcp.status", "Fence", "1.0.0");

    /// <summary>Announces a stream under the next zone key, or answers that its receiver is ready for it; a record of our own.</summary>
    public static SchemaId StreamNotice { get; } = new("fcpfast", "StreamNotice", "1.0.0");

    /// <summary>Asks for symbols of an object.</summary>
    public static SchemaId SymbolRequest { get; } = new("fcp.status", "SymbolRequest", "1.0.0");

    /// <summary>Tells how much of an object has arrived.</summary>
    public static SchemaId DecodeStatus { get; } = new("fcp.status", "DecodeStatus", "1.0.0");

    /// <summary>Ends the sending of an object.</summary>
    public static SchemaId SymbolAck { get; } = new("fcp.status", "SymbolAck", "1.0.0");

    /// <summary>Asks for the manifests and profiles of a zone that came after one that the sender has.</summary>
    public static SchemaId ManifestRequest { get; } = new("fcp.zone", "ManifestRequest", "1.0.0");
}
