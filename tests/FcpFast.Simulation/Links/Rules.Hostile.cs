using System;
using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Links;

/// <content>What boxes and people on the path do to it.</content>
public static partial class Rules
{
    private const int HandshakeLengthBytes = 4; // stands before a handshake message on a stream

    /// <summary>
    /// Carries so many bytes of connections, as they stand on the stream, and then breaks the connection that it carries: both ends are told when
    /// the last byte has arrived, and a message that has not come through whole is lost.
    /// </summary>
    public static IPacketRule BreakAfter(long streamBytes) => new BreakRule(streamBytes);

    /// <summary>Puts something else in a packet's place; null loses it.</summary>
    public static IPacketRule Rewrite(Func<byte[], byte[]?> rewrite) => new RewriteRule(rewrite);

    /// <summary>Changes where packets say that they come from, as a NAT does.</summary>
    public static IPacketRule Translate(Func<NetAddress> source) => new TranslateRule(source);

    /// <summary>Bytes that a message takes on its stream.</summary>
    public static int StreamBytes(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return packet.Bytes.Length + (packet.IsHandshake ? HandshakeLengthBytes : 0);
    }

    private sealed class BreakRule(long streamBytes) : IPacketRule
    {
        private long _left = streamBytes;
        private StreamEnd? _broken;

        public void Take(Packet packet, Hop next)
        {
            if (packet.Stream == _broken && _broken is not null)
            {
                next.Drop(packet);
                return;
            }

            if (_broken is not null || !(packet.IsHandshake || packet.IsControl))
            {
                next.Pass(packet);
                return;
            }

            _left -= StreamBytes(packet);
            if (_left >= 0) next.Pass(packet);
            else next.Drop(packet);
            if (_left > 0) return;
            StreamEnd end = _broken = packet.Stream!;
            next.After(next.LatencyTicks, () =>
            {
                end.Break();
                end.Other!.Break();
            });
        }
    }

    private sealed class RewriteRule(Func<byte[], byte[]?> rewrite) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            byte[]? rewritten = rewrite(packet.Bytes);
            if (rewritten is null)
            {
                next.Drop(packet);
                return;
            }

            packet.IsCorrupted |= !rewritten.AsSpan().SequenceEqual(packet.Bytes);
            packet.Bytes = rewritten;
            next.Pass(packet);
        }
    }

    private sealed class TranslateRule(Func<NetAddress> source) : IPacketRule
    {
        public void Take(Packet packet, Hop next) => next.Pass(packet.CopyFrom(source()));
    }
}
