using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Storage;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §9]: connections end in the middle of any message; the session's numbers go on, and no nonce is used twice.</summary>
public sealed class ReconnectTests
{
    /// <summary>
    /// Inside a message all cuts are alike for a core, which gets whole messages only; that the stream hands on no others is tested of
    /// FcpFast.Transport, byte by byte. Here each message is cut in its first byte, in its middle, in its last byte, and behind it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Connection_IsCutInEveryMessage_NoNonceIsUsedTwiceAndNothingIsLostOrDoubled(bool isFromAlice)
    {
        Wire whole = Run(1, isFromAlice, long.MaxValue);
        var cuts = new SortedSet<long>();
        long end = 0;
        foreach (int bytes in isFromAlice ? whole.FromAlice : whole.FromBob)
        {
            cuts.UnionWith([end + 1, end + (bytes / 2), end + bytes - 1, end + bytes]);
            end += bytes;
        }

        Assert.True(cuts.Count > 30, $"{cuts.Count} cuts");
        int survived = 0;
        foreach (long cut in cuts)
        {
            Wire wire = Run(1, isFromAlice, cut);
            if (wire.SessionsOverSeveralConnections > 0) survived++;
        }

        Assert.True(survived > cuts.Count / 3, $"only {survived} of {cuts.Count} cuts left a session that went on over another connection");
    }

    /// <summary>Runs two small transfers, one each way, over a connection that is cut once, and then again at the same place of the next.</summary>
    private static Wire Run(ulong seed, bool isFromAlice, long cut)
    {
        NodePlan Plan(NodePlan plan) => plan with
        {
            Source = new SourceOptions(64 * 1024),
            Options = plan.Options with { AssemblyBytes = 1024 * 1024, CreditBytesMax = 512 * 1024 },
        };
        using var duo = new Duo(seed, Plan, Plan);
        Link there = duo.World.Mesh.Streams(duo.Alice, duo.Bob), back = duo.World.Mesh.Streams(duo.Bob, duo.Alice);
        var wire = new Wire(there, back);
        (isFromAlice ? there : back).Add(Rules.BreakAfter(cut));
        duo.Start();
        byte[] a = duo.Random.Bytes(60_000), b = duo.Random.Bytes(30_000);
        OutgoingFile toBob = duo.Alice.Send("there", a, duo.Bob.Member), toAlice = duo.Bob.Send("back", b, duo.Alice.Member);
        duo.Arrives(toBob, a, duo.Bob, TimeSpan.FromMinutes(1));
        duo.Arrives(toAlice, b, duo.Alice, TimeSpan.FromMinutes(1));
        duo.World.RunFor(TimeSpan.FromSeconds(8)); // Pings go on
        string what = $"cut at {cut} from {(isFromAlice ? "alice" : "bob")}\n{duo.Describe()}";
        Assert.True(duo.Bob.Log.Received.Count == 1 && duo.Alice.Log.Received.Count == 1, $"a file came twice: {what}");
        Assert.True(duo.Alice.Log.Sent.Count == 1 && duo.Bob.Log.Sent.Count == 1, $"a file was reported twice: {what}");
        Assert.True(duo.Alice.CountOf(FcpStatus.ReplayRejected) + duo.Bob.CountOf(FcpStatus.ReplayRejected) == 0, $"a number came again: {what}");
        wire.HoldsEveryNonceIsNew(what);
        return wire;
    }

    /// <summary>Everything that either end put onto connections.</summary>
    private sealed class Wire
    {
        private readonly List<Packet> _there = [];
        private readonly List<Packet> _back = [];

        public Wire(Link there, Link back)
        {
            there.Add(Rules.Tap(_there));
            back.Add(Rules.Tap(_back));
        }

        public IEnumerable<int> FromAlice => Messages(_there);

        public IEnumerable<int> FromBob => Messages(_back);

        public int SessionsOverSeveralConnections => _there.Where(static packet => packet.IsControl)
            .GroupBy(static packet => HeaderOf(packet).SessionId).Count(static session => session.Select(static packet => packet.Connection).Distinct().Count() > 1);

        public void HoldsEveryNonceIsNew(string what)
        {
            foreach (List<Packet> direction in new[] { _there, _back })
            {
                var last = new Dictionary<SessionId, ulong>();
                foreach (Packet packet in direction.Where(static packet => packet.IsControl))
                {
                    FcpcHeader header = HeaderOf(packet);
                    Assert.True(header.Seq.Value > last.GetValueOrDefault(header.SessionId), $"number {header.Seq.Value} after {last.GetValueOrDefault(header.SessionId)}: {what}");
                    last[header.SessionId] = header.Seq.Value;
                }
            }
        }

        private static IEnumerable<int> Messages(List<Packet> packets) =>
            packets.Where(static packet => packet.IsHandshake || packet.IsControl).Select(Rules.StreamBytes);

        private static FcpcHeader HeaderOf(Packet packet)
        {
            Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(packet.Bytes, FcpcHeader.CiphertextBytesMax, out FcpcHeader header));
            return header;
        }
    }
}
