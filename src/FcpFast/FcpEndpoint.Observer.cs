using FcpFast.Host;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast;

/// <summary>What the core tells, made into events.</summary>
public sealed partial class FcpEndpoint
{
    private void Tell(FcpEndpointEvent happened) => _events.Writer.TryWrite(happened);

    private static void End(Shard shard, OutgoingFile file, bool arrived)
    {
        if (shard.Sends.Remove(file, out FcpFileSend? send)) shard.Source.Close(file, () => send.CompletionSource.TrySetResult(arrived));
        shard.CheckDrained();
    }

    private sealed class Observer(FcpEndpoint endpoint) : INodeObserver
    {
        /// <summary>The shard whose thread tells; null while it is being built.</summary>
        public Shard? Shard { get; set; }

        public void LinkChanged(NodeId peer, LinkState state)
        {
            endpoint._control.LinkChanged(peer, state);
            endpoint.Tell(new FcpEndpointEvent.LinkChanged(peer, state));
            Shard?.CheckDrained();
        }

        public void HandshakeFailed(NodeId peer, FcpStatus reason) => endpoint.Tell(new FcpEndpointEvent.HandshakeFailed(peer, reason));

        public void Opened(IncomingFile file) => endpoint.Tell(new FcpEndpointEvent.FileOpened(file));

        public void Completed(IncomingFile file)
        {
            endpoint.Tell(new FcpEndpointEvent.FileReceived(file));
            Shard?.CheckDrained();
        }

        public void Failed(IncomingFile file)
        {
            endpoint.Tell(new FcpEndpointEvent.FileRefused(file));
            Shard?.CheckDrained();
        }

        public void Completed(OutgoingFile file) => End(Shard!, file, arrived: true);

        public void Failed(OutgoingFile file) => End(Shard!, file, arrived: false);
    }
}
