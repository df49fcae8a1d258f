namespace FcpFast.Protocol.Replay;

/// <summary>What is stored of a stream, so that nothing of it is opened again after a start.</summary>
/// <param name="Stream">Which stream.</param>
/// <param name="IsDirect">It came from the session peer itself, who seals in new streams after a start of this node: then this one is closed.</param>
/// <param name="SymbolsCeiling">No frame of symbols above this number was opened; after a start only those above it are.</param>
/// <param name="BodiesCeiling">The same of zone-sealed bodies.</param>
/// <remarks>Shape: a later record of a stream has no lower ceiling, and stays direct once it is. Source: [REPLAY §6.1].</remarks>
public readonly record struct ContentRecord(ContentStreamId Stream, bool IsDirect, ulong SymbolsCeiling, ulong BodiesCeiling);
