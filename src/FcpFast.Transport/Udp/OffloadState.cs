namespace FcpFast.Transport.Udp;

/// <summary>Whether a port sends runs of datagrams by one system call, and why.</summary>
/// <param name="IsOn">True if it does.</param>
/// <param name="Reason">Why.</param>
/// <param name="Explanation">The reason in words: expected, found and the remedy, where there is one.</param>
public sealed record OffloadState(bool IsOn, OffloadReason Reason, string Explanation);
