using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[REPLAY §1], [REPLAY §2.7], [WIRE §7.5]: which sessions and peers a node knows.</summary>
public sealed class SessionTableTests
{
    private readonly RealCrypto _crypto = new();

    [Fact]
    public void Table_RandomUse_EqualsADictionary() => Seeded.Run(20, random =>
    {
        int most = random.Next(1, 6);
        var table = new SessionTable(most);
        var open = new Dictionary<ulong, PeerSession>();
        var closed = new HashSet<ulong>();
        for (int step = 0; step < 300; step++)
        {
            ulong id = (ulong)random.Next(12);
            if (random.Next(2) == 0)
            {
                PeerSession session = Session(id);
                bool expected = open.Count < most && !open.ContainsKey(id) && !closed.Contains(id);
                Assert.Equal(expected, table.TryAdd(session));
                if (expected) open.Add(id, session);
            }
            else if (open.Remove(id, out PeerSession? session))
            {
                table.Close(session);
                Assert.Equal(SessionState.Closed, session.State);
                closed.Add(id);
            }

            Assert.Equal(open.GetValueOrDefault(id), table.Find(Id(id)));
            Assert.Equal(open.ContainsKey(id) || closed.Contains(id), table.Knows(Id(id)));
            Assert.Equal((open.Count, open.Count >= most), (table.Count, table.IsFull));
            Assert.True(open.Values.ToHashSet().SetEquals(table.Sessions));
        }
    });

    [Fact]
    public void Close_OfManySessions_RemembersABoundedNumberOfIds()
    {
        var table = new SessionTable();
        for (ulong id = 0; id < 5_000; id++)
        {
            PeerSession session = Session(id);
            Assert.True(table.TryAdd(session));
            table.Close(session);
            table.Close(session); // closing twice closes once
        }

        Assert.Equal(4_096, Enumerable.Range(0, 5_000).Count(id => table.Knows(Id((ulong)id))));
        Assert.True(table.Knows(Id(4_999)));
        Assert.Equal(0, table.Count);
        Assert.Empty(_crypto.Vault.Live);
    }

    [Fact]
    public void Find_OfAClosedSession_GivesNoneThoughItWasTheLastOne()
    {
        var table = new SessionTable();
        PeerSession session = Session(1);
        table.TryAdd(session);
        Assert.Same(session, table.Find(Id(1)));
        table.Close(session);
        Assert.Null(table.Find(Id(1)));
    }

    [Fact]
    public void Make_NoSessionAtAll_IsTheCallersFault() => Assert.Throws<ArgumentException>(static () => new SessionTable(0));

    [Fact]
    public void Directory_AnyBytes_FindsExactlyTheNodesOnFile() => Seeded.Run(200, random =>
    {
        var directory = new PeerDirectory();
        string[] names = ["a", "A", "node?", "node-1", new string('x', 128)];
        foreach (string name in names) directory.Set(Identity(name));
        Assert.Equal(names.Length, directory.All.Count);
        foreach (string name in names)
        {
            Assert.Equal(name, directory.Find(Encoding.ASCII.GetBytes(name))?.NodeId.ToString());
            Assert.Equal(name, directory.Find(TestNodes.Node(name))?.NodeId.ToString());
        }

        byte[] any = random.Mutated(Encoding.ASCII.GetBytes(names[random.Next(names.Length)]));
        PeerIdentity? expected = names.Contains(Encoding.Latin1.GetString(any)) ? directory.Find(TestNodes.Node(Encoding.ASCII.GetString(any))) : null;
        Assert.Same(expected, directory.Find(any));
        Assert.Null(directory.Find([.. "node"u8, 0x80]));
        Assert.Null(directory.Find(new byte[129]));
        Assert.Null(directory.Find([]));
    });

    [Fact]
    public void Directory_SetAgain_ReplacesWhatWasOnFile()
    {
        var directory = new PeerDirectory();
        directory.Set(Identity("a"));
        PeerIdentity renewed = Identity("a") with { ExpiresAtUnixSeconds = 99 };
        directory.Set(renewed);
        Assert.Same(renewed, directory.Find("a"u8));
        Assert.Single(directory.All);
    }

    [Theory]
    [InlineData(FcpStatus.Accepted, 100ul, 99ul, FcpStatus.Accepted)]
    [InlineData(FcpStatus.Accepted, 100ul, 100ul, FcpStatus.AttestationExpired)]
    [InlineData(FcpStatus.InvalidAttestation, 100ul, 100ul, FcpStatus.InvalidAttestation)]
    public void Judge_OfAnIdentity_IsWhatItWasFiledWithUntilItEnds(FcpStatus filed, ulong expires, ulong now, FcpStatus expected) =>
        Assert.Equal(expected, (Identity("a") with { Attestation = filed, ExpiresAtUnixSeconds = expires }).Judge(now));

    private static SessionId Id(ulong number) => new(new Bytes16(number, 9));

    private static PeerIdentity Identity(string name) => new(TestNodes.Node(name), default, FcpStatus.Accepted, 1_000);

    private PeerSession Session(ulong id) => new(
        _crypto.Provider, new SessionParameters(Id(id), TestNodes.Node("peer"), true, MacSuite.Blake3, 1200), new byte[96], new LaneTable(),
        SequencerLimits.Default, TestNodes.Start);
}
