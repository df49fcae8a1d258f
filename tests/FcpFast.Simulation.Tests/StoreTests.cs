using System;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.9]: a receiver that cannot store a file refuses it and tells, and goes on with everything else.</summary>
public sealed class StoreTests
{
    private static readonly StoreEventKind[] Kinds = [StoreEventKind.Opened, StoreEventKind.Written, StoreEventKind.Finished];

    public static TheoryData<StoreEventKind, int> Failures
    {
        get
        {
            var data = new TheoryData<StoreEventKind, int>();
            foreach (StoreEventKind kind in Kinds)
            {
                foreach (int after in kind == StoreEventKind.Written ? new[] { 0, 1, 5, 15 } : [0]) data.Add(kind, after);
            }

            return data;
        }
    }

    [Fact]
    public void Send_FileLargerThanTheDisk_IsRefusedWithWordsAndOthersGoOn()
    {
        using Duo duo = TransferTests.Small(1).Connect();
        duo.Bob.Disk.CapacityBytes = 600_000;
        OutgoingFile large = duo.Alice.Send("large", duo.Random.Bytes(700_000), duo.Bob.Member);
        byte[] content = duo.Random.Bytes(500_000);
        OutgoingFile small = duo.Alice.Send("small", content, duo.Bob.Member);
        duo.Arrives(small, content, duo.Bob);
        duo.WaitFor(() => large.State == OutgoingFileState.Failed, "the sender has learned it", TimeSpan.FromSeconds(5));
        Assert.Contains("bob has no room", large.FailureDetail, StringComparison.Ordinal);
        Assert.Contains("are free", Assert.Single(duo.Bob.Log.Refused).FailureDetail, StringComparison.Ordinal);
        Assert.Equal(["small"], duo.Bob.Disk.Files.Keys);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Send_StoreFailsAtAnyStep_SenderLearnsItAndTheNodeLives(StoreEventKind kind, int after)
    {
        using Duo duo = TransferTests.Small(2).Connect();
        int seen = 0;
        duo.Bob.Disk.Fault = (step, file) => file.Name == "bad" && step == kind && seen++ >= after ? "the disk is broken" : null;
        OutgoingFile bad = duo.Alice.Send("bad", duo.Random.Bytes(1_000_000), duo.Bob.Member);
        duo.WaitFor(() => bad.State != OutgoingFileState.Sending, "the sender has learned it", TimeSpan.FromSeconds(5));
        Assert.Equal(OutgoingFileState.Failed, bad.State);
        Assert.Equal("the disk is broken", Assert.Single(duo.Bob.Log.Refused).FailureDetail);
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.StorageFailed));
        byte[] content = duo.Random.Bytes(1_000_000);
        duo.Arrives(duo.Alice.Send("good", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(5));
        Assert.Equal(["good"], duo.Bob.Disk.Files.Keys);
        Assert.Equal(0, duo.Bob.Core.AssemblyBytes);
    }

    [Fact]
    public void Send_OneOfTwoFilesOfEqualContentFails_TheOtherArrives()
    {
        using Duo duo = TransferTests.Small(3, slots: 6).Connect();
        duo.Bob.Disk.Fault = static (step, file) => file.Name == "bad" && step == StoreEventKind.Written ? "broken" : null;
        byte[] content = duo.Random.Bytes(1_000_000);
        OutgoingFile bad = duo.Alice.Send("bad", content, duo.Bob.Member), good = duo.Alice.Send("good", content, duo.Bob.Member);
        duo.Arrives(good, content, duo.Bob, TimeSpan.FromSeconds(5));
        duo.WaitFor(() => bad.State == OutgoingFileState.Failed, "the sender has learned it", TimeSpan.FromSeconds(5));
        Assert.Equal(0, duo.Bob.Core.AssemblyBytes);
    }

    [Fact]
    public void Send_AgainAfterTheDiskHasRoom_Arrives()
    {
        using Duo duo = TransferTests.Small(4).Connect();
        duo.Bob.Disk.Fault = static (_, _) => "no space";
        byte[] content = duo.Random.Bytes(300_000);
        OutgoingFile first = duo.Alice.Send("file", content, duo.Bob.Member, modified: 1);
        duo.WaitFor(() => first.State == OutgoingFileState.Failed, "it is refused", TimeSpan.FromSeconds(5));
        duo.Bob.Disk.Fault = null;
        duo.World.RunFor(TimeSpan.FromSeconds(6)); // a failed file may be tried again after five seconds
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member, modified: 1), content, duo.Bob, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Send_EmptyFileThatIsRefused_DoesNotKeepTheReceiverBusy()
    {
        using Duo duo = TransferTests.Small(5).Connect();
        duo.Bob.Disk.Fault = static (_, _) => "no space";
        OutgoingFile empty = duo.Alice.Send("empty", [], duo.Bob.Member);
        duo.WaitFor(() => duo.Bob.Log.Refused.Count > 0, "it is refused");
        long before = duo.World.EventCount;
        duo.World.RunFor(TimeSpan.FromSeconds(60));
        Assert.True(duo.World.EventCount - before < 60_000, $"{duo.World.EventCount - before} events in a minute in which nothing happens");
        duo.Bob.Disk.Fault = null;
        duo.WaitFor(() => empty.State == OutgoingFileState.Completed, "it is taken after all", TimeSpan.FromSeconds(60));
        Assert.Empty(duo.Bob.Disk.Files.Single().Value);
    }

    [Fact]
    public void Send_EmptyFile_IsReportedOnlyWhenItHasItsName()
    {
        using Duo duo = TransferTests.Small(7).Connect();
        duo.Bob.Disk.Fault = static (step, _) => step == StoreEventKind.Finished ? "no such folder" : null;
        OutgoingFile empty = duo.Alice.Send("empty", [], duo.Bob.Member);
        duo.WaitFor(() => duo.Bob.Log.Refused.Count > 0, "it is refused");
        duo.World.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(OutgoingFileState.Sending, empty.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Send_ReceiverCrashesBeforeTheFileHasItsName_IsReportedOnlyWhenItHas(bool isTakenAtLast)
    {
        using Duo duo = TransferTests.Small(8).Connect();
        bool isNaming = false;
        duo.Bob.Disk.Fault = (step, _) => (isNaming |= step == StoreEventKind.Finished) && !isTakenAtLast ? "no such folder" : null;
        byte[] content = duo.Random.Bytes(300_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => duo.Bob.Disk.JournalOf("file") == (int)file.SegmentCount, "every segment is written");
        Assert.False(isNaming);
        duo.Bob.Crash();
        duo.Bob.Start();
        duo.WaitFor(() => duo.Bob.Log.Opened.Count > 0, "it is opened again", TimeSpan.FromSeconds(60));
        while (!isNaming)
        {
            Assert.Equal(OutgoingFileState.Sending, file.State);
            duo.World.RunFor(TimeSpan.FromMicroseconds(50));
        }

        duo.WaitFor(() => file.State != OutgoingFileState.Sending, "the sender has learned it", TimeSpan.FromSeconds(60));
        Assert.Equal(isTakenAtLast ? OutgoingFileState.Completed : OutgoingFileState.Failed, file.State);
        Assert.Equal(isTakenAtLast, duo.Bob.Disk.Files.ContainsKey("file"));
    }

    [Fact]
    public void Send_LinkIsLostWhileTheFileFails_SenderLearnsItAfterwards()
    {
        using Duo duo = TransferTests.Small(6).Connect();
        bool fails = false;
        duo.Bob.Disk.Fault = (_, _) => fails ? "broken" : null;
        OutgoingFile file = duo.Alice.Send("file", duo.Random.Bytes(2_000_000), duo.Bob.Member);
        duo.WaitFor(() => file.CompleteBytes > 0, "it is begun");
        duo.World.Mesh.Break(duo.Alice, duo.Bob);
        fails = true;
        duo.WaitFor(() => file.State == OutgoingFileState.Failed, "the sender has learned it", TimeSpan.FromSeconds(60));
        Assert.Equal(LinkState.Ready, duo.Alice.Core.StateOf(duo.Bob.Id));
    }
}
