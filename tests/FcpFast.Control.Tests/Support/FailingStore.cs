using System;
using System.Collections.Generic;
using FcpFast.Control.Groups;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Support;

/// <summary>A store whose disk is full when told, before or after the change was written.</summary>
internal sealed class FailingStore(StateStore store) : IStateStore
{
    public bool Fails { get; set; }

    public bool FailsAfterWriting { get; set; }

    /// <summary>Changes from now on that still work; then all fail.</summary>
    public int ChangesLeft { get; set; } = int.MaxValue;

    /// <summary>The change at which the process dies, before or after it was written: nothing is written any more.</summary>
    public Predicate<StateChange>? DiesAt { get; set; }

    public bool HasDied { get; private set; }

    public StoredState Load() => store.Load();

    public ulong Begin(StartMark mark) => store.Begin(mark);

    public void Commit(StateChange change)
    {
        bool dies = !HasDied && DiesAt?.Invoke(change) == true;
        bool fails = Fails || ChangesLeft <= 0 || dies || HasDied;
        ChangesLeft--;
        bool wasDead = HasDied;
        HasDied |= dies;
        if (!fails || (FailsAfterWriting && !wasDead)) store.Commit(change);
        if (fails) throw new StateStoreException("state.db", "the disk is full", "make room on the disk and try again");
    }

    public bool Scrub() => store.Scrub();

    public byte[]? ReadMessage(ZoneId zone, ObjectId id) => store.ReadMessage(zone, id);

    public byte[]? ReadKeyPackage(ZoneId zone, NodeId node) => store.ReadKeyPackage(zone, node);

    public IReadOnlyList<byte[]> ReadMessages(ZoneId zone, GroupMessageKind kind, ulong epoch) => store.ReadMessages(zone, kind, epoch);

    public IReadOnlyList<ControlRecord> ReadRecords(ZoneId zone, ManifestDigest? have, int bytesMax) => store.ReadRecords(zone, have, bytesMax);

    public IReadOnlyList<byte[]> ReadEvidence(ZoneId zone) => store.ReadEvidence(zone);

    public void Dispose() => store.Dispose();
}
