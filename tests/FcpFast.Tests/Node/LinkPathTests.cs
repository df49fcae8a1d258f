using System;
using System.Collections.Generic;
using FcpFast.Node;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tests.Node;

/// <summary>[WIRE §8] (return path, probe): how an address becomes the one that datagrams go to, and what an on-path attacker gets out of it.</summary>
public sealed class LinkPathTests
{
    private const long Second = Instant.TicksPerSecond;

    private static readonly NetAddress Home = Links.Address(1), Moved = Links.Address(2), Victim = Links.Address(3);

    private readonly LinkPath _path = new(Home);
    private ulong _ids;
    private long _now = 1_000 * Second;

    private Instant Now => new(_now, 0);

    [Fact]
    public void Start_AtTheConfiguredAddress_IsConfirmedByAProbeThatComesBack()
    {
        Assert.Equal((Home, false), (_path.Address, _path.IsConfirmed));
        Assert.True(_path.NextTicks <= _now);
        (NetAddress to, ObjectId id) = Probe();
        Assert.Equal(Home, to);
        Assert.False(Answer(Moved, id)); // from elsewhere
        Assert.False(Answer(Home, Id()));
        Assert.False(Answer(Home, default));
        Assert.False(_path.IsConfirmed);
        Assert.True(Answer(Home, id));
        Assert.True(_path.IsConfirmed);
        Assert.False(Answer(Home, id)); // it proves once
        Assert.Null(TryProbe());
        _now += (20 * Second) - 1;
        Assert.Null(TryProbe());
        _now += 1;
        Assert.NotNull(TryProbe()); // after 20 s of silence
    }

    [Fact]
    public void Hear_OfTheAddressInUse_PutsTheNextProbeOff()
    {
        Confirm();
        for (int i = 0; i < 10; i++)
        {
            _now += 15 * Second;
            Assert.Null(TryProbe());
            _path.Hear(Home, 1200, isNewest: true, Now);
        }
    }

    [Fact]
    public void Probes_ThatNobodyAnswers_ComeEverMoreSeldom()
    {
        var pauses = new List<long>();
        long last = _now;
        Probe();
        for (int i = 0; i < 40; i++)
        {
            _now = _path.NextTicks;
            pauses.Add(_now - last);
            last = _now;
            Probe();
        }

        Assert.Equal(Second / 4, pauses[0]);
        Assert.Equal(5 * Second, pauses[^1]);
        for (int i = 1; i < pauses.Count; i++) Assert.True(pauses[i] >= pauses[i - 1]);
    }

    [Fact]
    public void Hear_FromANewAddress_MovesNothingBeforeItsProbeComesBack()
    {
        Confirm();
        _path.Hear(Moved, 1200, isNewest: true, Now);
        Assert.Equal((Home, true), (_path.Address, _path.IsConfirmed)); // data goes where it went
        (NetAddress to, ObjectId id) = Probe();
        Assert.Equal(Moved, to);
        Assert.False(Answer(Home, id)); // the old address does not prove the new one
        Assert.False(Answer(Victim, id));
        Assert.Equal(Home, _path.Address);
        Assert.True(Answer(Moved, id));
        Assert.Equal((Moved, true), (_path.Address, _path.IsConfirmed));
    }

    [Theory]
    [InlineData(432)]
    [InlineData(154)]
    [InlineData(1200)]
    [InlineData(64_800)]
    public void Hear_OneFrameSentAgainFromAVictim_GetsThreeTimesItsBytesAtMost(int bytes)
    {
        Confirm();
        _path.Hear(Victim, bytes, isNewest: true, Now);
        long sent = 0;
        for (int i = 0; i < 2_000; i++)
        {
            _now += Second / 20;
            _path.Hear(Home, 1200, isNewest: true, Now); // the peer goes on from where it is
            if (TryProbe() is not { } probe) continue;
            Assert.Equal(Victim, probe.To);
            sent += ProbeDatagram.Bytes;
        }

        Assert.InRange(sent, ProbeDatagram.Bytes, 3L * bytes);
        Assert.InRange(sent, 0, 9 * ProbeDatagram.Bytes); // and that not without end
        Assert.Equal((Home, true), (_path.Address, _path.IsConfirmed));
    }

    [Fact]
    public void Hear_FramesSentAgainFromAVictimForEver_GetThreeTimesTheirBytesAtMost()
    {
        Confirm();
        var random = new Random(1);
        long heard = 0, sent = 0;
        for (int i = 0; i < 20_000; i++)
        {
            _now += random.NextInt64(Second / 5);
            _path.Hear(Home, 1200, isNewest: true, Now);
            int bytes = random.Next(154, 1200);
            if (random.Next(3) == 0)
            {
                heard += bytes;
                _path.Hear(Victim, bytes, isNewest: random.Next(2) == 0, Now);
                if (random.Next(2) == 0 && _path.TrySpend(Victim, ProbeDatagram.Bytes)) sent += ProbeDatagram.Bytes; // it was a probe: its echo
            }

            if (TryProbe() is { } probe && probe.To == Victim) sent += ProbeDatagram.Bytes;
            Assert.True(sent <= 3 * heard, $"{sent} bytes for {heard}");
        }

        Assert.Equal(Home, _path.Address);
    }

    [Fact]
    public void TrySpend_EchoesToACandidate_CountAmongWhatMayGoThere()
    {
        Confirm();
        _path.Hear(Victim, 154, isNewest: true, Now);
        Assert.True(_path.TrySpend(Victim, 154)); // the echo of the probe that was sent again
        int probes = 0;
        for (int i = 0; i < 100; i++)
        {
            _now += Second / 4;
            _path.Hear(Home, 1200, isNewest: true, Now);
            if (TryProbe() is not null) probes++;
        }

        Assert.Equal(2, probes);
        Assert.False(_path.TrySpend(Victim, 154));
        Assert.True(_path.TrySpend(Home, 154));
    }

    [Fact]
    public void Hear_AnOldFrameSentAgain_MakesNoCandidate()
    {
        Confirm();
        _path.Hear(Victim, 1200, isNewest: false, Now);
        Assert.Null(TryProbe());
    }

    [Fact]
    public void Hear_ManyAddresses_TriesOneASecond()
    {
        Confirm();
        var tried = new HashSet<NetAddress>();
        for (int i = 0; i < 100; i++)
        {
            _path.Hear(Links.Address(100 + i), 1200, isNewest: true, Now);
            if (TryProbe() is { } probe) tried.Add(probe.To);
            _now += Second / 10;
            _path.Hear(Home, 1200, isNewest: true, Now);
        }

        Assert.InRange(tried.Count, 9, 11);
    }

    [Fact]
    public void Answer_OfACandidateThatAnotherHasReplaced_ProvesNothing()
    {
        Confirm();
        _path.Hear(Victim, 1200, isNewest: true, Now);
        (_, ObjectId forVictim) = Probe();
        _now += Second;
        _path.Hear(Moved, 1200, isNewest: true, Now);
        (NetAddress to, ObjectId forMoved) = Probe();
        Assert.Equal(Moved, to);
        Assert.False(Answer(Victim, forVictim));
        Assert.False(Answer(Moved, forVictim));
        Assert.True(Answer(Moved, forMoved));
    }

    [Fact]
    public void Move_BehindANat_TakesOneProbeAndTheOldAddressIsTheFallback()
    {
        Confirm();
        _path.Hear(Moved, 1200, isNewest: true, Now);
        (_, ObjectId id) = Probe();
        _now += Second / 10;
        Assert.True(Answer(Moved, id));
        Assert.Equal(Moved, _path.Address);
        _now += 20 * Second; // then nothing is heard from there any more
        var tried = new HashSet<NetAddress>();
        for (int i = 0; i < 12; i++)
        {
            _now = Math.Max(_now, _path.NextTicks);
            tried.Add(Probe().To);
        }

        Assert.Equal([Moved, Home], tried); // each gets its turn
        Assert.False(_path.IsConfirmed);
        while (_path.Address != Home)
        {
            _now = Math.Max(_now, _path.NextTicks);
            Probe();
        }

        (NetAddress to, id) = (Home, LastId);
        Assert.True(Answer(to, id));
        Assert.Equal((Home, true), (_path.Address, _path.IsConfirmed));
    }

    [Fact]
    public void Start_WithNoAddress_WaitsForThePeerAndProvesWhereItIs()
    {
        var path = new LinkPath(default);
        Assert.False(path.Address.IsSpecified);
        Assert.Equal(long.MaxValue, path.NextTicks);
        Assert.False(path.TryProbe(Id(), Now, out _));
        path.Hear(Moved, 154, isNewest: true, Now);
        Assert.False(path.Address.IsSpecified); // nothing goes there but a probe
        ObjectId id = Id();
        Assert.True(path.TryProbe(id, Now, out NetAddress to));
        Assert.Equal(Moved, to);
        Assert.True(Answer(path, Moved, id, Now));
        Assert.Equal((Moved, true), (path.Address, path.IsConfirmed));
    }

    [Fact]
    public void Restart_OfTheSession_ProvesEverythingAnew()
    {
        Confirm();
        _path.Hear(Moved, 1200, isNewest: true, Now);
        (_, ObjectId id) = Probe();
        _path.Restart();
        Assert.Equal((Home, false), (_path.Address, _path.IsConfirmed));
        Assert.False(Answer(Moved, id));
        Assert.NotNull(TryProbe());
    }

    private ObjectId LastId => new(new Bytes32(_ids, 0, 0, 0));

    private static bool Answer(LinkPath path, NetAddress from, ObjectId id, Instant now) => path.Answer(from, id, now, out _);

    private bool Answer(NetAddress from, ObjectId id) => Answer(_path, from, id, Now);

    private ObjectId Id() => new(new Bytes32(++_ids, 0, 0, 0));

    private (NetAddress To, ObjectId Id)? TryProbe()
    {
        ObjectId id = Id();
        return _path.TryProbe(id, Now, out NetAddress to) ? (to, id) : null;
    }

    private (NetAddress To, ObjectId Id) Probe() => TryProbe() ?? throw new InvalidOperationException("no probe is due");

    private void Confirm()
    {
        (NetAddress to, ObjectId id) = Probe();
        Assert.True(Answer(to, id));
    }
}
