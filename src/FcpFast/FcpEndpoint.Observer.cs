using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast;

/// <summary>What the core tells, made into events.</summary>
public sealed partial class FcpEndpoint
{
    private void Tell(FcpEndpointEvent happened) => _events.Writer.TryWrite(happened);

    private void End(OutgoingFile file, bool arrived)
    {
        if (_sends.Remove(file, out FcpFileSend? send)) _source.Close(file, () => send.CompletionSource.TrySetResult(arrived));
        CheckDrained();
    }

    private sealed class Observer(FcpEndpoint endpoint) : INodeObserver
    {
        public void LinkChanged(NodeId peer, LinkState state)
        {
            endpoint._control.LinkChanged(peer, state);
            endpoint.Tell(new FcpEndpointEvent.LinkChanged(peer, state));
            endpoint.CheckDrained();
        }

        public void HandshakeFailed(NodeId peer, FcpStatus reason) => endpoint.Tell(new FcpEndpointEvent.HandshakeFailed(peer, reason));

        public void Opened(IncomingFile file) => endpoint.Tell(new FcpEndpointEvent.FileOpened(file));

        public void Completed(IncomingFile file)
        {
            endpoint.Tell(new FcpEndpointEvent.FileReceived(file));
            endpoint.CheckDrained();
        }

        public void Failed(IncomingFile file)
        {
            endpoint.Tell(new FcpEndpointEvent.FileRefused(file));
            endpoint.CheckDrained();
        }

        public void Completed(OutgoingFile file) => endpoint.End(file, arrived: true);

        public void Failed(OutgoingFile file) => endpoint.End(file, arrived: false);
    }
}
