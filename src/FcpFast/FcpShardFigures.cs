namespace FcpFast;

/// <summary>What one shard of an endpoint did; the endpoint's figures are the sums.</summary>
/// <param name="Shard">Which one, from 0.</param>
/// <param name="FramesSent">Frames sealed and handed to its sockets.</param>
/// <param name="FramesReceived">Frames that verified and were fresh, probes left out.</param>
/// <param name="DatagramsSent">Datagrams that the system took for sending.</param>
/// <param name="DatagramsReceived">Datagrams that came.</param>
/// <param name="SystemDrops">Datagrams that the system dropped because a buffer of its sockets was full.</param>
/// <param name="Sessions">Sessions with state.</param>
/// <param name="Peers">Peers that it owns.</param>
public sealed record FcpShardFigures(
    int Shard, long FramesSent, long FramesReceived, long DatagramsSent, long DatagramsReceived, long SystemDrops, int Sessions, int Peers);
