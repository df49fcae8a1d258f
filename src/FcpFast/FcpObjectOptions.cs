namespace FcpFast;

/// <summary>How much memory the objects may take that come in.</summary>
/// <param name="ObjectBytesMax">Larger ones are refused.</param>
/// <param name="MemoryBytesMax">
/// All together, those included that the application has not disposed of; one source may hold half of it. When it is taken, further objects wait at their sources.
/// </param>
public sealed record FcpObjectOptions(int ObjectBytesMax = 64 * 1024 * 1024, long MemoryBytesMax = 256L * 1024 * 1024);
