using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>
/// Frames with one header and numbers in a row are judged together: a slab of them, each with any fault in any field, gives what its datagrams
/// give one at a time to a node that has seen the same before.
/// </summary>
public sealed class RunsOfFramesTests
{
    private const int Symbols = 250;
    private const ulong Zones = 2;

    private static readonly NodeId Alice = TestNodes.Node("alice"), Bob = TestNodes.Node("bob");

    [Fact]
    public void Receive_SlabsOfRunsWithFaultsInThem_GivesWhatTheirFramesGiveAlone() => Seeded.Run(60, static random =>
    {
        var crypto = new RealCrypto();
        ZoneEntry[] zones = Enumerable.Range(1, (int)Zones).Select(i => TestNodes.Zone(crypto.Provider, $"z:work{i}", (byte)i, [Alice, Bob])).ToArray();
        (PeerSession sender, PeerSession receiving) = TestNodes.Sessions(crypto.Provider, Alice, Bob);
        (PeerSession senderAlone, PeerSession receivingAlone) = TestNodes.Sessions(crypto.Provider, Alice, Bob);
        ReceivingNode together = Node(crypto, zones, receiving), alone = Node(crypto, zones, receivingAlone);
        ulong seq = 1;
        for (int slab = 0; slab < 6; slab++)
        {
            FrameDraft[] drafts = Drafts(random, zones, sender, ref seq);
            together.Receive(drafts);
            var expected = new List<(FcpStatus, bool)>();
            foreach (FrameDraft draft in drafts)
            {
                alone.Receive(draft with { Session = senderAlone });
                expected.Add(Told(draft, alone.Slots[0]));
            }

            Assert.Equal(expected, drafts.Zip(together.Slots, Told));
        }

        Assert.Equal(alone.Counters.Snapshot().Values.Sum(), together.Counters.Snapshot().Values.Sum());
        Assert.Equal(receivingAlone.Lanes.Count, receiving.Lanes.Count);
        Assert.True(together.Counters.Snapshot().Count >= 4, "faults of several kinds were met");
    });

    /// <summary>A forged frame with the number of a good one before it in its slab is refused for its MAC, alone for its number.</summary>
    private static (FcpStatus Status, bool IsOpened) Told(FrameDraft draft, Protocol.Batch.FrameSlot slot) =>
        (draft.IsForged && slot.Status == FcpStatus.ReplayDuplicate ? FcpStatus.InvalidSignature : slot.Status, slot.IsOpened);

    private static ReceivingNode Node(RealCrypto crypto, ZoneEntry[] zones, PeerSession session)
    {
        var node = new ReceivingNode(crypto, sinkBytes: 1024 * 1024);
        node.Sessions.TryAdd(session);
        foreach (ZoneEntry zone in zones)
        {
            node.Zones.Set(zone);
            for (int i = 0; i < 2; i++) node.Sink.Announce(zone.Ring.ZoneHash, Alice, Named(i), Symbols);
        }

        return node;
    }

    private static ObjectId Named(int number) => new(new Bytes32((ulong)number, 7, 7, 7));

    private static FrameDraft[] Drafts(Random random, ZoneEntry[] zones, PeerSession sender, ref ulong seq)
    {
        var drafts = new FrameDraft[random.Next(1, 60)];
        ZoneEntry zone = zones[random.Next(zones.Length)];
        ObjectId named = Named(random.Next(2));
        ulong instance = (ulong)random.Next(1, 3);
        uint esi = (uint)random.Next(Symbols);
        for (int i = 0; i < drafts.Length; i++)
        {
            seq = random.Next(20) switch { 0 => seq, 1 => seq + 70, 2 => Math.Max(4, seq) - 3, _ => seq + 1 };
            if (random.Next(20) == 0) named = Named(random.Next(2));
            if (random.Next(30) == 0) zone = zones[random.Next(zones.Length)];
            if (random.Next(30) == 0) instance = (ulong)random.Next(1, 3);
            esi = (uint)(esi + (random.Next(20) == 0 ? 0 : 1)) % Symbols;
            var draft = new FrameDraft
            {
                Session = sender, Zone = zone, Source = Alice, Instance = instance, Seq = seq, Object = named, K = Symbols, Esis = [esi],
            };
            drafts[i] = random.Next(6) == 0 ? Faulty(random, draft) : draft;
        }

        return drafts;
    }

    private static FrameDraft Faulty(Random random, FrameDraft draft) => random.Next(15) switch
    {
        0 => draft with { EnvelopeSeq = draft.Seq + 1 },
        1 => draft with { Esis = [uint.MaxValue] },
        2 => draft with { K = 0 },
        3 => draft with { K = 17 },
        4 => draft with { IsForged = true },
        5 => draft with { Spoiled = [0] },
        6 => draft with { Flags = FrameFlags.Default & ~FrameFlags.Encrypted },
        7 => draft with { Flags = FrameFlags.Default | FrameFlags.Compressed },
        8 => draft with { Epoch = 999_999 },
        9 => draft with { ClaimedSession = new SessionId(new Bytes16(9, 9)) },
        10 => draft with { ClaimedKey = new ZoneKeyId(new Bytes8(99)) },
        11 => draft with { ClaimedZone = new ZoneIdHash(new Bytes32(9, 9, 9, 9)) },
        12 => draft with { ClaimedPayloadBytes = 5 },
        13 => draft with { Seq = 0 },
        _ => draft with { Version = 2 },
    };
}
