using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[WIRE §8]: probes as they travel.</summary>
public sealed class ProbeDatagramTests
{
    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice"), _bob = TestNodes.Node("bob");
    private readonly ObjectId _id = new(new Bytes32(5, 6, 7, 8));

    [Theory]
    [InlineData(false, 0x0800)]
    [InlineData(true, 0x0808)]
    public void Write_ProbeOrEcho_VerifiesAtTheOtherEndAndIsKnownForWhatItIs(bool isEcho, int flags)
    {
        (PeerSession here, PeerSession there) = TestNodes.Sessions(_crypto.Provider, _alice, _bob);
        var sessions = new SessionTable();
        sessions.TryAdd(there);
        var batch = new VerifyBatch<PortableMac>(sessions, null, new StatusCounters(), 1200);
        byte[] datagram = new byte[200];
        Assert.Equal(FcpStatus.Accepted, ProbeDatagram.Write(default(PortableMac), here, _id, new SenderInstanceId(9), new FrameSeq(3), isEcho, datagram));
        Assert.Equal(154, ProbeDatagram.Bytes);
        Assert.False(datagram.AsSpan(154).ContainsAnyExcept((byte)0));
        FcpsHeader.Parse(datagram.AsSpan(40), out FcpsHeader header);
        Assert.Equal((FrameFlags)flags, header.Flags);
        Assert.Equal((0u, 0u, _id), (header.SymbolCount, header.PayloadBytes, header.ObjectId));
        Assert.Equal((default, default, default), (header.ZoneKeyId, header.ZoneIdHash, header.Epoch)); // zone fields zero
        batch.Verify(datagram.AsSpan(0, 154), 154, TestNodes.Start);
        FrameSlot slot = batch.Frames[0];
        Assert.Equal((FcpStatus.Accepted, true, 9ul, 3ul), (slot.Status, slot.IsProbe, slot.Instance.Value, slot.Seq.Value));
        Assert.Equal(1, there.Lanes.Count);
    }

    [Fact]
    public void Write_OnASessionThatMayNotSend_WritesNothing()
    {
        byte[] datagram = new byte[ProbeDatagram.Bytes];
        foreach (Action<PeerSession> end in new Action<PeerSession>[]
                 {
                     static session => session.Drain(TestNodes.Start), static session => session.Dispose(), static session => session.SendMacKey.Dispose(),
                 })
        {
            (PeerSession session, _) = TestNodes.Sessions(_crypto.Provider, _alice, _bob);
            end(session);
            Assert.Equal(FcpStatus.MustRekey, ProbeDatagram.Write(default(PortableMac), session, _id, default, new FrameSeq(1), false, datagram));
            Assert.False(datagram.AsSpan().ContainsAnyExcept((byte)0));
        }
    }
}
