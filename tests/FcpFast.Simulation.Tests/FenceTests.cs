using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.4], [REPLAY §6.2]: a sender follows the fence of a receiver that keeps its sessions, in its own session and stream only.</summary>
public sealed class FenceTests
{
    private const ulong Far = 1ul << 32;

    [Fact]
    public void Fence_OfThePeer_RaisesItsStreamAndNothingElse()
    {
        using var solo = new Solo(1);
        solo.Bob.Send("file", solo.Random.Bytes(10_000), solo.Carol.Member); // its announcement names the stream
        solo.WaitFor(() => InstanceSeen(solo) is not null, "a body has come");
        var fence = new FenceBody(solo.Carol.Session!.Id, InstanceSeen(solo)!.Value, new FrameSeq(200));
        Assert.Equal(1, Refused(solo, FcpStatus.UnknownSession, fence with { Session = new SessionId(new Bytes16(9, 9)) }));
        Assert.Equal(1, Refused(solo, FcpStatus.UnknownSource, fence with { Instance = new SenderInstanceId(fence.Instance.Value + 1) }));
        FenceBody further = fence with { Ceiling = new FrameSeq(Far + 100) };
        Assert.Equal(1, Refused(solo, FcpStatus.InvalidRequest, further)); // more than 2^32 ahead of a stream that has hardly begun
        Assert.Equal(1, Refused(solo, FcpStatus.InvalidRequest, fence with { Ceiling = new FrameSeq(ulong.MaxValue) }));
        Assert.Equal(0, Refused(solo, FcpStatus.InvalidRequest, fence));
        Assert.Equal(0, Refused(solo, FcpStatus.UnknownSource, fence)); // a fence that comes again changes nothing
        Assert.Equal(0, Refused(solo, FcpStatus.InvalidRequest, further)); // now it is less: the numbers have risen, and the stream is worn
    }

    private static long Refused(Solo solo, FcpStatus status, FenceBody fence) => solo.Counted(status, () =>
    {
        var writer = new CborWriter();
        fence.Write(writer);
        solo.Carol.SendControl(writer.Written);
    });

    private static SenderInstanceId? InstanceSeen(Solo solo)
    {
        foreach (byte[] payload in solo.Carol.Payloads)
        {
            if (SealedBody.Parse(payload, out SealedBody body) == FcpStatus.Accepted) return body.Instance;
        }

        return null;
    }
}
