namespace FcpFast.Protocol.Objects;

/// <summary>An empty place for one symbol, held for it while it is being opened.</summary>
/// <param name="Token">The sink's own name of the place.</param>
/// <param name="Offset">Where the plaintext goes in the sink's memory.</param>
public readonly record struct SymbolSlot(long Token, int Offset);
