using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §9], [REPLAY §7]: the numbers of control messages, over all connections of a session.</summary>
public sealed class PeerSessionControlTests
{
    private readonly RealCrypto _crypto = new();
    private readonly PeerSession _here;
    private readonly PeerSession _there;

    public PeerSessionControlTests() => (_here, _there) = TestNodes.Sessions(_crypto.Provider, TestNodes.Node("alice"), TestNodes.Node("bob"));

    [Fact]
    public void Numbers_OverManyConnections_GoOnAndAreNeverUsedTwice()
    {
        var sent = new HashSet<ulong>();
        Seeded.Run(5, random =>
        {
            for (int connection = 0; connection < 5; connection++) // frames that a cut connection has lost stay lost; the counters know nothing of it
            {
                for (int i = 0; i < 10; i++)
                {
                    byte[] frame = Seal(_here, [(byte)i]);
                    Assert.True(sent.Add(Header(frame).Seq.Value));
                    if (random.Next(3) == 0) continue;
                    Assert.Equal(FcpStatus.Accepted, Open(_there, frame, out byte[] plaintext));
                    Assert.Equal([(byte)i], plaintext);
                    Assert.Equal(Header(frame).Seq, _there.ControlReceived);
                }
            }
        });
        Assert.Equal((ulong)sent.Count, _here.ControlSent.Value);
        Assert.Equal(1ul, sent.Min());
        Assert.Equal(default, _there.ControlSent);
    }

    [Fact]
    public void Open_NumberNotAboveTheLast_IsRefused()
    {
        byte[][] frames = [.. Enumerable.Range(0, 5).Select(_ => Seal(_here, [1]))];
        Assert.Equal(FcpStatus.Accepted, Open(_there, frames[2], out _)); // a gap is no fault
        foreach (int i in new[] { 0, 1, 2 }) Assert.Equal(FcpStatus.ReplayRejected, Open(_there, frames[i], out _));
        Assert.Equal(FcpStatus.Accepted, Open(_there, frames[4], out _));
        Assert.Equal(FcpStatus.ReplayRejected, Open(_there, frames[3], out _)); // W = 1
        byte[] zero = frames[0].With(22, 0, 8);
        Assert.Equal(FcpStatus.ReplayRejected, Open(_there, zero, out _));
    }

    [Theory]
    [InlineData(5ul)]
    [InlineData(ulong.MaxValue)]
    public void Open_FrameWhoseTagDoesNotVerify_DoesNotMoveTheNumber(ulong number)
    {
        byte[] right = Seal(_here, [1, 2, 3]);
        byte[] forged = right.With(22, number, 8); // anyone on the path can write a number
        Assert.Equal(FcpStatus.AeadDecryptFailed, Open(_there, forged, out byte[] plaintext));
        Assert.Equal(new byte[3], plaintext);
        Assert.Equal((default, 1ul), (_there.ControlReceived, _there.FailedVerifications));
        Assert.Equal(FcpStatus.Accepted, Open(_there, right, out _));
    }

    [Theory]
    [InlineData(0x0000, FcpStatus.NotEncrypted)]
    [InlineData(0x0002, FcpStatus.NotEncrypted)]
    [InlineData(0x0003, FcpStatus.CompressionUnsupported)]
    public void Open_FlagsThatAreRefusedBeforeTheTag_DoNotMoveTheNumber(int flags, FcpStatus expected)
    {
        byte[] right = Seal(_here, [1, 2, 3]);
        byte[] forged = right.With(22, ulong.MaxValue, 8).With(30, (ulong)flags, 2);
        Assert.Equal(expected, Open(_there, forged, out _));
        Assert.Equal(default, _there.ControlReceived); // else one forged frame would end the channel for good
        Assert.Equal(FcpStatus.Accepted, Open(_there, right, out _));
    }

    [Fact]
    public void Open_EveryBitFlip_IsRefusedAndTheRightFrameIsStillTaken()
    {
        byte[] right = Seal(_here, [1, 2, 3]);
        for (int bit = 0; bit < 8 * right.Length; bit++)
        {
            byte[] changed = [.. right];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            FcpStatus status = FcpcHeader.ParseFrame(changed, 4096, out FcpcHeader header);
            if (status == FcpStatus.Accepted) status = _there.OpenControl(header, changed, new byte[3]);
            Assert.True(status is not (FcpStatus.Accepted or FcpStatus.Undecided), $"bit {bit}");
        }

        Assert.Equal(FcpStatus.Accepted, Open(_there, right, out _));
    }

    [Fact]
    public void Open_FrameOfOnesOwnDirectionOrOfAnotherSession_IsRefused()
    {
        (PeerSession other, _) = TestNodes.Sessions(_crypto.Provider, TestNodes.Node("alice"), TestNodes.Node("bob"));
        byte[] own = Seal(_here, [1]), foreign = Seal(other, [1]);
        Assert.Equal(FcpStatus.AeadDecryptFailed, Open(_here, own, out _)); // reflected
        Assert.Equal(FcpStatus.UnknownSession, Open(_there, foreign, out _));
        byte[] spliced = [.. foreign];
        own.AsSpan(6, 16).CopyTo(spliced.AsSpan(6));
        Assert.Equal(FcpStatus.AeadDecryptFailed, Open(_there, spliced, out _));
    }

    [Fact]
    public void Open_Faults_AreNamedInTheirOrder()
    {
        byte[] frame = Seal(_here, [1]);
        Open(_there, frame, out _);
        byte[] faulty = frame.With(30, 0, 2).With(36, 99, 1); // replayed, not encrypted, tag wrong
        Assert.Equal(FcpStatus.ReplayRejected, Open(_there, faulty, out _));
        Assert.Equal(FcpStatus.NotEncrypted, Open(_there, faulty.With(22, 9, 8), out _));
        Assert.Equal(FcpStatus.UnknownSession, Open(_there, faulty.With(6, 1, 8), out _));
    }

    [Fact]
    public void Seal_WhereThisEndMayNotSend_SpendsNoNumber()
    {
        byte[] frame = new byte[53];
        var unconfirmed = new PeerSession(
            _crypto.Provider, _there.Parameters, new byte[96], new Protocol.Replay.LaneTable(), Protocol.Replay.SequencerLimits.Default, TestNodes.Start);
        Assert.Equal(FcpStatus.MustRekey, unconfirmed.SealControl([1], frame));
        _here.Drain(TestNodes.Start);
        Assert.Equal(FcpStatus.MustRekey, _here.SealControl([1], frame));
        Assert.Equal((default, default), (_here.ControlSent, unconfirmed.ControlSent));
        Assert.Equal(new byte[53], frame);
        Assert.Equal(FcpStatus.Accepted, Open(_here, Seal(_there, [1]), out _)); // draining, it still hears
        _here.Dispose();
        Assert.Equal(FcpStatus.UnknownSession, Open(_here, Seal(_there, [1]), out _));
    }

    [Fact]
    public void Seal_PayloadOverTheLimit_SpendsNoNumber()
    {
        Assert.Equal(FcpStatus.PayloadTooLarge, _here.SealControl(new byte[FcpcHeader.CiphertextBytesMax + 1], new byte[100]));
        Assert.Equal(default, _here.ControlSent);
    }

    [Fact]
    public void Seal_BufferOfAnotherLength_HasSpentItsNumber()
    {
        Assert.Throws<ArgumentException>(() => _here.SealControl([1], new byte[52]));
        Assert.Equal(1ul, _here.ControlSent.Value); // a number is spent before it is used, whatever happens then
    }

    private static byte[] Seal(PeerSession by, byte[] plaintext)
    {
        byte[] frame = new byte[52 + plaintext.Length];
        Assert.Equal(FcpStatus.Accepted, by.SealControl(plaintext, frame));
        return frame;
    }

    private static FcpcHeader Header(byte[] frame)
    {
        Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(frame, FcpcHeader.CiphertextBytesMax, out FcpcHeader header));
        return header;
    }

    private static FcpStatus Open(PeerSession at, byte[] frame, out byte[] plaintext)
    {
        plaintext = new byte[frame.Length - 52];
        return at.OpenControl(Header(frame), frame, plaintext);
    }
}
