namespace FcpFast.Node;

/// <summary>What tells one life of a node from all others, those of its twins included.</summary>
/// <param name="Generation">Which start of the store this is; durable.</param>
/// <param name="BootId">Which start of the machine.</param>
/// <param name="HostGenerationId">Which copy of the machine, as far as can be told.</param>
/// <remarks>Source: [REPLAY §4.3], [REPLAY §5.2].</remarks>
public readonly record struct HostLife(ulong Generation, string BootId, string HostGenerationId);
