using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tests.Support;

namespace FcpFast.Tests.Objects;

/// <summary>Objects from memory to memory, between two endpoints with real sockets.</summary>
public sealed class ObjectTransferTests : IAsyncDisposable
{
    private const int Seed = 20261127;

    private readonly TestFleet _fleet = new("alice", "bob");
    private readonly FcpEndpoint _bob;
    private readonly FcpEndpoint _alice;

    public ObjectTransferTests()
    {
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        _bob = FcpEndpoint.Open(FcpEndpointOptions.Edge(_fleet.FolderOf("bob")) with { Listen = loopback, ReceiveObjects = new FcpObjectOptions(8 << 20, 17 << 20) });
        _alice = FcpEndpoint.Open(FcpEndpointOptions.Edge(_fleet.FolderOf("alice")) with
        {
            Listen = loopback,
            AcceptsSessions = false,
            Peers = [new FcpPeer(TestFleet.Id("bob"), _bob.Address)],
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
        _fleet.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(3_500_001)] // several segments, and pieces of memory
    public async Task SendObjectAsync_OfAnySize_ArrivesAsItWas(int size)
    {
        byte[] bytes = RandomBytes(size);
        FcpFileSend send = await _alice.SendObjectAsync("object", Scattered(bytes), TestFleet.Zone, TestFleet.Id("bob"));
        using FcpObject received = await NextAsync();
        Assert.Equal(bytes, received.Content.ToArray());
        Assert.Equal(("object", TestFleet.Id("alice"), TestFleet.Zone), (received.Name, received.Source, received.Zone));
        Assert.True(await send.Completion.WaitAsync(LoopbackPair.Patience, Cancellation), send.FailureDetail);
    }

    [Fact]
    public async Task SendObjectAsync_TheSameTwice_ArrivesTwice()
    {
        var bytes = new ReadOnlySequence<byte>(RandomBytes(10_000));
        for (int i = 0; i < 2; i++) await _alice.SendObjectAsync("object", bytes, TestFleet.Zone, TestFleet.Id("bob"));
        using FcpObject first = await NextAsync();
        using FcpObject second = await NextAsync();
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Content.ToArray(), second.Content.ToArray());
    }

    [Fact]
    public async Task SendObjectAsync_MoreThanTheMemory_ArrivesAsFastAsItIsTaken()
    {
        const int Count = 8, Size = 7 << 20; // the memory holds one of a source, and no second
        byte[] bytes = RandomBytes(Size);
        var sends = new FcpFileSend[Count];
        for (int i = 0; i < Count; i++) sends[i] = await _alice.SendObjectAsync($"{i}", new ReadOnlySequence<byte>(bytes), TestFleet.Zone, TestFleet.Id("bob"));
        for (int i = 0; i < Count; i++)
        {
            using FcpObject received = await NextAsync();
            Assert.False(_bob.Objects.TryPeek(out _));
            Assert.Equal(bytes, received.Content.ToArray());
        }

        foreach (FcpFileSend send in sends) Assert.True(await send.Completion.WaitAsync(LoopbackPair.Patience, Cancellation), send.FailureDetail);
    }

    [Fact]
    public async Task SendObjectAsync_LargerThanTheReceiverTakes_FailsInWords()
    {
        var bytes = new ReadOnlySequence<byte>(new byte[(8 << 20) + 1]);
        FcpFileSend send = await _alice.SendObjectAsync("huge", bytes, TestFleet.Zone, TestFleet.Id("bob"));
        Assert.False(await send.Completion.WaitAsync(LoopbackPair.Patience, Cancellation));
        Assert.NotNull(send.FailureDetail);
        Assert.False(_bob.Objects.TryPeek(out _));
    }

    [Fact]
    public async Task SendObjectAsync_APipe_ArrivesAsOneObject()
    {
        byte[] bytes = RandomBytes(300_000);
        var pipe = new Pipe();
        Task<FcpFileSend> sending = _alice.SendObjectAsync("piped", pipe.Reader, 300_000, TestFleet.Zone, TestFleet.Id("bob"), Cancellation);
        for (int at = 0; at < bytes.Length; at += 50_000) await pipe.Writer.WriteAsync(bytes.AsMemory(at, 50_000), Cancellation);
        await pipe.Writer.CompleteAsync();
        FcpFileSend send = await sending.WaitAsync(LoopbackPair.Patience, Cancellation);
        using FcpObject received = await NextAsync();
        Assert.Equal(bytes, received.Content.ToArray());
        Assert.True(await send.Completion.WaitAsync(LoopbackPair.Patience, Cancellation), send.FailureDetail);
    }

    [Fact]
    public async Task SendObjectAsync_APipeWithMoreThanAllowed_SendsNothing()
    {
        var pipe = PipeReader.Create(new ReadOnlySequence<byte>(new byte[1001]));
        await Assert.ThrowsAsync<IOException>(() => _alice.SendObjectAsync("piped", pipe, 1000, TestFleet.Zone, TestFleet.Id("bob"), Cancellation));
        Assert.Equal(0, (await _alice.ReadFiguresAsync()).FramesSent);
    }

    [Fact]
    public async Task Cancel_OfWhatIsSent_EndsItAndOthersGoOn()
    {
        byte[] held = RandomBytes(8 << 20);
        await _alice.SendObjectAsync("held", new ReadOnlySequence<byte>(held), TestFleet.Zone, TestFleet.Id("bob"));
        FcpObject first = await NextAsync(); // its source's share is taken: the next can only wait
        FcpFileSend send = await _alice.SendObjectAsync("given-up", new ReadOnlySequence<byte>(held), TestFleet.Zone, TestFleet.Id("bob"));
        send.Cancel();
        send.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.Completion.WaitAsync(LoopbackPair.Patience, Cancellation));
        first.Dispose();
        await _alice.SendObjectAsync("after", new ReadOnlySequence<byte>(new byte[1]), TestFleet.Zone, TestFleet.Id("bob"));
        using FcpObject after = await NextAsync();
        Assert.Equal("after", after.Name);
    }

    [Fact]
    public async Task DisposeAsync_WithObjectsThatNobodyTook_EndsTheChannel()
    {
        FcpFileSend send = await _alice.SendObjectAsync("left", new ReadOnlySequence<byte>(new byte[100]), TestFleet.Zone, TestFleet.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(LoopbackPair.Patience, Cancellation), send.FailureDetail);
        await _bob.DisposeAsync();
        Assert.False(await _bob.Objects.WaitToReadAsync(Cancellation));
    }

    private Task<FcpObject> NextAsync() => _bob.Objects.ReadAsync(Cancellation).AsTask().WaitAsync(LoopbackPair.Patience, Cancellation);

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(Seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same bytes in several pieces of memory.</summary>
    private static ReadOnlySequence<byte> Scattered(byte[] bytes)
    {
        int half = bytes.Length / 3;
        var first = new Part(bytes.AsMemory(0, half), null);
        var last = new Part(bytes.AsMemory(half), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.Memory.Length;
            before.Next = this;
        }
    }
}
