using System;
using System.Collections.Generic;
using FcpFast.Control.Groups;
using FcpFast.Control.Records;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>Where a node's or an owner's state lies: loaded once, then changed by whole changes, each durable before it is used.</summary>
/// <remarks>
/// Shape:   the seam behind which a fleet may share its state; the one implementation here is <see cref="StateStore"/>.
/// Errors:  <see cref="StateStoreException"/>. After one, what is stored is either as before or as after the change, never between; load again to know.
/// Threads: one user at a time.
/// Source:  [DESIGN §3] (state), [REPLAY §5.3].
/// </remarks>
public interface IStateStore : IDisposable
{
    /// <summary>Reads everything but records that are only kept for others.</summary>
    StoredState Load();

    /// <summary>Marks a start: the generation becomes one more than both the stored one and the witness's, durably, before anything is sent.</summary>
    /// <param name="mark">What the platform and the peers know.</param>
    /// <returns>The generation. From now on a change fails if another process has begun one since.</returns>
    /// <remarks>Source: [REPLAY §5.2], [REPLAY §5.5].</remarks>
    ulong Begin(StartMark mark);

    /// <summary>Makes a change durable, all of it or nothing.</summary>
    void Commit(StateChange change);

    /// <summary>Sees to it that what was erased cannot be found in the store's files either; false if it is to be tried again later.</summary>
    bool Scrub();

    /// <summary>One message of a zone's group; null if it is not known, empty if it is known and of no more use.</summary>
    byte[]? ReadMessage(ZoneId zone, ObjectId id);

    /// <summary>The key package that a node offers for a zone's group; null if none is kept.</summary>
    byte[]? ReadKeyPackage(ZoneId zone, NodeId node);

    /// <summary>Messages of a zone's group that were made in an epoch, as they came.</summary>
    IReadOnlyList<byte[]> ReadMessages(ZoneId zone, GroupMessageKind kind, ulong epoch);

    /// <summary>
    /// Profiles, grants and key packages, then manifests behind one, oldest first, each behind the messages of its epoch, then commits that wait; as far as
    /// they are kept whole.
    /// </summary>
    /// <param name="zone">The zone.</param>
    /// <param name="have">The manifest that the asker has; null for none. If it is not known here, all are given.</param>
    /// <param name="bytesMax">No further record is added once so many bytes are exceeded.</param>
    IReadOnlyList<ControlRecord> ReadRecords(ZoneId zone, ManifestDigest? have, int bytesMax);

    /// <summary>Manifests of a zone that contradict others, as far as they are kept whole.</summary>
    IReadOnlyList<byte[]> ReadEvidence(ZoneId zone);
}
