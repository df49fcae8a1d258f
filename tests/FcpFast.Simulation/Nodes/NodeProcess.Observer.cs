using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Simulation.Nodes;

/// <content>What the core tells.</content>
internal sealed partial class NodeProcess
{
    private void Note(string what, string which, long number = 0) => _world.Trace.Add(_world.NowTicks, what, $"{_machine.Name} {which}", number);

    private sealed class Observer(NodeProcess process) : INodeObserver
    {
        private NodeLog Log => process._machine.Log;

        public void LinkChanged(NodeId peer, LinkState state)
        {
            process.Note("link", peer.ToString(), (long)state);
            Log.Links.Add((peer, state));
            process._plan.Control?.LinkChanged(peer, state);
        }

        public void HandshakeFailed(NodeId peer, FcpStatus reason)
        {
            process.Note("handshake", peer.ToString(), (long)reason);
            Log.FailedHandshakes.Add((peer, reason));
        }

        public void Opened(IncomingFile file)
        {
            process.Note("opened", file.Name);
            Log.Opened.Add(file);
        }

        public void Completed(IncomingFile file)
        {
            process.Note("received", file.Name);
            Log.Received.Add(file);
        }

        public void Failed(IncomingFile file)
        {
            process.Note("refused", file.Name);
            Log.Refused.Add(file);
        }

        public void Completed(OutgoingFile file)
        {
            process._source.Close(file);
            process.Note("completed", file.Name);
            Log.Sent.Add(file);
        }

        public void Failed(OutgoingFile file)
        {
            process._source.Close(file);
            process.Note("not sent", file.Name);
            Log.NotSent.Add(file);
        }
    }
}
