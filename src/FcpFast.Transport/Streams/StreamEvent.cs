namespace FcpFast.Transport.Streams;

/// <summary>Something that happened on a connection.</summary>
/// <param name="Kind">What.</param>
/// <param name="Connection">Where.</param>
/// <param name="Message">The message, for <see cref="StreamEventKind.Message"/>; its taker disposes it.</param>
public readonly record struct StreamEvent(StreamEventKind Kind, StreamConnection Connection, StreamMessage? Message);
