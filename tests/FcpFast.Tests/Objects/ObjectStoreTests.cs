using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FcpFast.Objects;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FcpFast.Tests.Objects;

/// <summary>Memory of objects that come in: who gets it, who waits, who loses it. Empty objects count for their overhead, 4 KiB, and are whole at once.</summary>
public sealed class ObjectStoreTests : IDisposable
{
    private const int RoomForFour = 4 * ObjectMemory.OverheadBytes;

    private readonly FakeTimeProvider _time = new();
    private readonly ZoneKeyRing _ring = new(TestFleet.Zone);
    private readonly Recorder _recorder = new();
    private readonly List<FcpObject> _delivered = [];
    private readonly ObjectStore _store;
    private readonly IncomingTransfers _transfers;
    private byte _lastId;
    private int _wakes;

    public ObjectStoreTests()
    {
        _store = new ObjectStore(new FcpObjectOptions(ObjectBytesMax: ObjectMemory.OverheadBytes, MemoryBytesMax: RoomForFour), _time, () => _wakes++, _delivered.Add);
        _transfers = new IncomingTransfers(new AssemblyTable(1024 * 1024), _store, _recorder, _recorder, new StatusCounters(), 1024 * 1024, new Blake3Hasher());
    }

    private string Delivered => string.Join(' ', _delivered.Select(static one => one.Name));

    public void Dispose()
    {
        _store.Dispose();
        _ring.Dispose();
    }

    [Fact]
    public void Open_ASourceHoldsHalf_ItsNextWaitsAndOthersDoNot()
    {
        Announce("alice", "a1", "a2", "a3");
        Announce("bob", "b1");
        Assert.Equal("a1 a2 b1", Delivered);
    }

    [Fact]
    public void Dispose_OfAnObject_LetsTheOneInThatWaitsLongest()
    {
        Announce("alice", "a1", "a2");
        Announce("bob", "b1", "b2");
        Announce("carol", "c1");
        Announce("dave", "d1");
        Assert.Equal("a1 a2 b1 b2", Delivered);
        _delivered[3].Dispose();
        _delivered[3].Dispose();
        Assert.Equal(1, _wakes);
        Tick();
        Assert.Equal("a1 a2 b1 b2 c1", Delivered);
        _delivered[0].Dispose();
        Tick();
        Assert.Equal("a1 a2 b1 b2 c1 d1", Delivered);
    }

    [Fact]
    public void Open_WhatWaitsIsLargerThanWhatIsFree_NoSmallerOneOvertakesIt()
    {
        Announce("alice", "a1");
        Announce("bob", "b1");
        Announce("carol", "c1");
        Announce("dave", ObjectMemory.OverheadBytes, "large");
        Announce("erin", "e1");
        Assert.Equal("a1 b1 c1", Delivered);
        Assert.DoesNotContain(_recorder.Opened, static file => file.Name == "large");
        _delivered[0].Dispose();
        Tick();
        Assert.Single(_recorder.Opened, static file => file.Name == "large");
        Assert.Equal("a1 b1 c1", Delivered);
    }

    [Fact]
    public void Open_LargerThanAllowed_IsRefusedInWords()
    {
        Announce("alice", ObjectMemory.OverheadBytes + 1, "huge");
        IncomingFile refused = Assert.Single(_recorder.Failed);
        Assert.Equal("cannot take 'huge' into memory: it has 4097 bytes, 4096 are allowed", refused.FailureDetail);
    }

    [Fact]
    public void Open_AnObjectStandsStill_LosesItsMemoryOnceAnotherNeedsIt()
    {
        Announce("alice", ObjectMemory.OverheadBytes, "halfway");
        Announce("bob", "b1", "b2");
        _time.Advance(TimeSpan.FromHours(1));
        Tick();
        Assert.Empty(_recorder.Failed);
        Announce("carol", "c1");
        Assert.Equal("halfway", Assert.Single(_recorder.Failed).Name);
        Assert.Equal("b1 b2 c1", Delivered);
    }

    [Fact]
    public void Open_AnObjectStoodStillForLess_KeepsItsMemory()
    {
        Announce("alice", ObjectMemory.OverheadBytes, "halfway");
        Announce("bob", "b1", "b2");
        _time.Advance(TimeSpan.FromSeconds(59));
        Announce("carol", "c1");
        Assert.Empty(_recorder.Failed);
        Assert.Equal("b1 b2", Delivered);
        _time.Advance(TimeSpan.FromSeconds(2));
        Tick();
        Assert.Equal("b1 b2 c1", Delivered);
    }

    private void Announce(string source, params string[] names) => Announce(source, 0, names);

    private void Announce(string source, int bytes, params string[] names)
    {
        foreach (string name in names)
        {
            var body = new FileBody { TransferId = NextId(), Name = Encoding.UTF8.GetBytes(name), Shape = new FileShape((ulong)bytes, ObjectLimits.SegmentBytesMin) };
            Assert.Equal(FcpStatus.Accepted, _transfers.ReceiveFile(_ring, TestFleet.Id(source), body, default));
            Tick();
        }
    }

    private void Tick() => _transfers.Tick(default);

    private TransferId NextId()
    {
        Span<byte> id = stackalloc byte[TransferId.Length];
        id.Clear();
        id[0] = ++_lastId;
        return new TransferId(Bytes16.Read(id));
    }

    private sealed class Recorder : IControlOutbox, ITransferObserver
    {
        public List<IncomingFile> Opened { get; } = [];

        public List<IncomingFile> Failed { get; } = [];

        void ITransferObserver.Opened(IncomingFile file) => Opened.Add(file);

        void ITransferObserver.Failed(IncomingFile file) => Failed.Add(file);

        public void Completed(IncomingFile file)
        {
        }

        public void Completed(OutgoingFile file)
        {
        }

        void ITransferObserver.Failed(OutgoingFile file)
        {
        }

        public bool SendBody(ZoneKeyRing zone, NodeId to, ReadOnlySpan<byte> payload) => true;

        public bool MaySeal(ZoneKeyRing zone, NodeId to) => true;

        public void NoteSilence(NodeId to)
        {
        }

        public void SendSymbolAck(ZoneKeyRing zone, NodeId to, ObjectId objectId, SymbolAckReason reason)
        {
        }
    }
}
