using System;
using FcpFast.Node;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[REPLAY §4.5] (host-clone signal), [REPLAY §5.4]: a node that may have a twin stops at once, and goes on as another.</summary>
public sealed class TwinTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Halt_InTheMiddleOfATransfer_StopsEverythingAndTheNextLifeEndsIt(bool isSender)
    {
        using Duo duo = TransferTests.Small(11).Connect();
        SimulatedNode victim = isSender ? duo.Alice : duo.Bob, other = isSender ? duo.Bob : duo.Alice;
        byte[] content = duo.Random.Bytes(3_000_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => duo.Bob.Core.FramesOpened > 500, "something has arrived");
        victim.Core.Halt(victim.Clock.Read());
        (long sent, long accepted) = (victim.Core.FramesSent, victim.Core.FramesAccepted);
        duo.World.RunFor(TimeSpan.FromSeconds(20)); // the other end notices, and asks for a session again and again
        Assert.Equal((LinkState.Down, sent, accepted), (victim.Core.StateOf(other.Id), victim.Core.FramesSent, victim.Core.FramesAccepted));
        Assert.Equal(OutgoingFileState.Sending, file.State);
        victim.Core.Begin(new HostLife(7, "simulation", "twin"), victim.Clock.Read());
        duo.Arrives(file, content, duo.Bob);
    }

    [Fact]
    public void Halt_Again_IsTheSame()
    {
        using Duo duo = TransferTests.Small(12).Connect();
        duo.Bob.Core.Halt(duo.Bob.Clock.Read());
        duo.Bob.Core.Halt(duo.Bob.Clock.Read());
        duo.Bob.Core.Begin(new HostLife(7, "", ""), duo.Bob.Clock.Read());
        byte[] content = duo.Random.Bytes(100_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob);
    }
}
