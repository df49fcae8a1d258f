namespace FcpFast.Transport.Streams;

/// <summary>What the first bytes of a message tell.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="PrefixBytes">Bytes before the message that are not handed on.</param>
/// <param name="MessageBytes">Bytes of the message.</param>
internal readonly record struct StreamHead(StreamMessageKind Kind, int PrefixBytes, int MessageBytes);
