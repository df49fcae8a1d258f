using System;
using System.Collections.Generic;

namespace FcpFast.Simulation.Links;

/// <summary>The rules of links.</summary>
public static partial class Rules
{
    /// <summary>Loses a share of the packets.</summary>
    public static IPacketRule Drop(double share) => new DropRule(share);

    /// <summary>Sends a share of the packets twice.</summary>
    public static IPacketRule Duplicate(double share) => new DuplicateRule(share);

    /// <summary>Changes one byte in a share of the packets.</summary>
    public static IPacketRule Corrupt(double share) => new CorruptRule(share);

    /// <summary>Lets a share of the packets be overtaken by up to some number of others, and waits at most 100 ms for those.</summary>
    public static IPacketRule Reorder(double share, int positions) => new ReorderRule(share, positions, TimeSpan.FromMilliseconds(100).Ticks);

    /// <summary>Delays every packet by some time between two bounds, so that neighbours may overtake each other.</summary>
    public static IPacketRule Jitter(TimeSpan least, TimeSpan most) => new JitterRule(least.Ticks, most.Ticks);

    /// <summary>Carries no more than a rate; what does not fit the queue is lost.</summary>
    public static IPacketRule Bottleneck(double bytesPerSecond, int queueBytes) => new BottleneckRule(bytesPerSecond, queueBytes);

    /// <summary>Copies every packet into a list and hands it on.</summary>
    public static IPacketRule Tap(ICollection<Packet> taken) => new TapRule(taken);

    /// <summary>Applies a rule to some packets only.</summary>
    public static IPacketRule When(Func<Packet, bool> condition, IPacketRule rule) => new WhenRule(condition, rule);

    private sealed class DropRule(double share) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            if (next.Random.Chance(share)) next.Drop(packet);
            else next.Pass(packet);
        }
    }

    private sealed class DuplicateRule(double share) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            Packet? copy = next.Random.Chance(share) ? packet.Copy() : null;
            next.Pass(packet);
            if (copy is null) return;
            next.Tally.Copied++;
            next.Pass(copy);
        }
    }

    private sealed class CorruptRule(double share) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            if (packet.Bytes.Length > 0 && next.Random.Chance(share))
            {
                packet.Bytes[next.Random.Next(packet.Bytes.Length)] ^= (byte)next.Random.Next(1, 255);
                packet.IsCorrupted = true;
                next.Tally.Corrupted++;
            }

            next.Pass(packet);
        }
    }

    private sealed class ReorderRule(double share, int positions, long holdTicksMax) : IPacketRule
    {
        private readonly PriorityQueue<Packet, (long Position, long Order)> _held = new();
        private readonly HashSet<Packet> _isHeld = [];
        private long _position;
        private long _order;

        public void Take(Packet packet, Hop next)
        {
            _position++;
            if (next.Random.Chance(share)) Hold(packet, next);
            else next.Pass(packet);
            while (_held.TryPeek(out Packet? due, out (long Position, long) at) && at.Position <= _position)
            {
                _held.Dequeue();
                Release(due, next);
            }
        }

        private void Hold(Packet packet, Hop next)
        {
            next.Tally.Held++;
            _held.Enqueue(packet, (_position + next.Random.Next(1, positions), _order++));
            _isHeld.Add(packet);
            next.After(holdTicksMax, () => Release(packet, next));
        }

        private void Release(Packet packet, Hop next)
        {
            if (_isHeld.Remove(packet)) next.Pass(packet);
        }
    }

    private sealed class JitterRule(long leastTicks, long mostTicks) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            packet.DelayTicks += leastTicks + next.Random.Next((int)(mostTicks - leastTicks) + 1);
            next.Pass(packet);
        }
    }

    private sealed class BottleneckRule(double bytesPerSecond, int queueBytes) : IPacketRule
    {
        private long _freeTicks;

        public void Take(Packet packet, Hop next)
        {
            long start = Math.Max(_freeTicks, next.NowTicks);
            if ((start - next.NowTicks) * bytesPerSecond / TimeSpan.TicksPerSecond > queueBytes)
            {
                next.Drop(packet);
                return;
            }

            _freeTicks = start + (long)Math.Ceiling(packet.Bytes.Length / bytesPerSecond * TimeSpan.TicksPerSecond);
            packet.DelayTicks += _freeTicks - next.NowTicks;
            next.Pass(packet);
        }
    }

    private sealed class TapRule(ICollection<Packet> taken) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            taken.Add(packet.Copy());
            next.Pass(packet);
        }
    }

    private sealed class WhenRule(Func<Packet, bool> condition, IPacketRule rule) : IPacketRule
    {
        public void Take(Packet packet, Hop next)
        {
            if (condition(packet)) rule.Take(packet, next);
            else next.Pass(packet);
        }
    }
}
