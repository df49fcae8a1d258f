using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>The keys of one zone at one node.</summary>
/// <remarks>
/// Shape:   at most <see cref="ZoneKeysMax"/> zone keys; seals with the newest whose time has come, opens with the one that a frame names.
/// Threads: one user at a time.
/// Cost:    a scan of at most 16 ids, once a run of frames.
/// Source:  [WIRE §12.1], [WIRE §12.3].
/// </remarks>
public sealed partial class ZoneKeyRing : IDisposable
{
    /// <summary>Zone keys held; the oldest makes room and is reported.</summary>
    public const int ZoneKeysMax = 16;

    /// <summary>How long an object-id key that was rotated out serves running transfers. [WIRE §16.9]</summary>
    public const ulong ObjectIdKeyGraceSeconds = 24 * 3600;

    private readonly List<ZoneKey> _zoneKeys = []; // oldest first
    private readonly List<ObjectIdKey> _objectIdKeys = [];
    private EpochId _wallEpoch;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="acceptsAnyEpoch">For peers whose epochs do not follow the clock; the ratchet keeps its own bounds.</param>
    public ZoneKeyRing(ZoneId zone, bool acceptsAnyEpoch = false)
    {
        Zone = zone;
        ZoneHash = zone.ComputeHash();
        AcceptsAnyEpoch = acceptsAnyEpoch;
    }

    /// <summary>The zone.</summary>
    public ZoneId Zone { get; }

    /// <summary>Its hash, as frames carry it.</summary>
    public ZoneIdHash ZoneHash { get; }

    /// <summary>True if epochs are not compared with the clock. [WIRE §13.1]</summary>
    public bool AcceptsAnyEpoch { get; }

    /// <summary>Past epochs accepted, from the newest key's policy.</summary>
    public uint RetainEpochs { get; private set; } = EpochSchedule.RetainEpochsDefault;

    /// <summary>The highest epoch that the clock has shown this ring, steps that have not lasted yet left out: what is erased follows it.</summary>
    public EpochId HighEpoch { get; private set; }

    /// <summary>The epoch of the wall clock as it stands, or <see cref="HighEpoch"/> if that is higher: what is accepted follows it.</summary>
    public EpochId PresentEpoch => _wallEpoch.Value > HighEpoch.Value ? _wallEpoch : HighEpoch;

    /// <summary>The key that seals now; null before the first is active.</summary>
    public ZoneKey? Active { get; private set; }

    /// <summary>False while the manifest in force brought no key: then nothing is active. [WIRE §11.5]</summary>
    public bool MaySeal { get; private set; } = true;

    /// <summary>The key of new object ids.</summary>
    public ObjectIdKey? ActiveObjectIdKey => _objectIdKeys.Count == 0 ? null : _objectIdKeys[^1];

    /// <summary>Object-id keys held.</summary>
    public int ObjectIdKeyCount => _objectIdKeys.Count;

    /// <summary>Zone keys held.</summary>
    public IReadOnlyList<ZoneKey> ZoneKeys => _zoneKeys;

    /// <summary>Adds the keys of an accepted manifest; a key that is there already stays as it is and the new object is disposed.</summary>
    /// <param name="zoneKey">The newest zone key.</param>
    /// <param name="objectIdKey">The newest object-id key.</param>
    /// <param name="overlapSeconds">How long keys before it still open after it has become active.</param>
    /// <param name="retainEpochs">Past epochs accepted.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <returns>The key that had to make room, already erased; null if none had to.</returns>
    public ZoneKeyId? Install(ZoneKey zoneKey, ObjectIdKey objectIdKey, ulong overlapSeconds, uint retainEpochs, ulong nowUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(zoneKey);
        ArgumentNullException.ThrowIfNull(objectIdKey);
        RetainEpochs = retainEpochs;
        MaySeal = true;
        ZoneKeyId? evicted = null;
        if (Find(zoneKey.Id) is null)
        {
            if (_zoneKeys.Count == ZoneKeysMax)
            {
                evicted = _zoneKeys[0].Id;
                RemoveAt(0);
            }

            foreach (ZoneKey older in _zoneKeys)
            {
                ulong erasedAt = After(Math.Max(nowUnixSeconds, zoneKey.SealsFromUnixSeconds), overlapSeconds);
                older.ErasedAtUnixSeconds = Math.Min(older.ErasedAtUnixSeconds ?? ulong.MaxValue, erasedAt);
            }

            zoneKey.AdvanceTo(HighEpoch); // its chain may have been started by a clock that stepped back; that never un-erases
            _zoneKeys.Add(zoneKey);
        }
        else
        {
            zoneKey.Dispose();
            Find(zoneKey.Id)!.ErasedAtUnixSeconds = null; // in force again, if a manifest without keys had come between
        }

        if (FindObjectIdKey(objectIdKey.Id) is null)
        {
            if (ActiveObjectIdKey is { } outgoing) outgoing.ErasedAtUnixSeconds = After(nowUnixSeconds, ObjectIdKeyGraceSeconds);
            _objectIdKeys.Add(objectIdKey);
        }
        else
        {
            objectIdKey.Dispose();
            MakeNewest(FindObjectIdKey(objectIdKey.Id)!, nowUnixSeconds);
        }

        return evicted;
    }

    /// <summary>Erases a key of a manifest that was contradicted; the next <see cref="Tick(ulong, ICollection{ZoneKeyId})"/> activates the newest that is left.</summary>
    /// <returns>False if it was not here.</returns>
    /// <remarks>Source: [WIRE §12.2].</remarks>
    public bool Drop(ZoneKeyId id)
    {
        int index = _zoneKeys.FindIndex(key => key.Id == id);
        if (index >= 0) RemoveAt(index);
        return index >= 0;
    }

    /// <summary>Erases an object-id key of a manifest that was contradicted.</summary>
    /// <returns>False if it was not here.</returns>
    public bool Drop(ObjectIdKeyId id)
    {
        int index = _objectIdKeys.FindIndex(key => key.Id == id);
        if (index < 0) return false;
        _objectIdKeys[index].Dispose();
        _objectIdKeys.RemoveAt(index);
        return true;
    }

    /// <summary>Seals (again) with keys that are still here: they are the newest and no longer to be erased.</summary>
    /// <param name="id">The zone key of the manifest in force.</param>
    /// <param name="objectIdKeyId">Its object-id key.</param>
    /// <param name="retainEpochs">Past epochs accepted, by its policy.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <returns>False, and nothing changes, if either is not here.</returns>
    /// <remarks>Source: [WIRE §12.2] (going back).</remarks>
    public bool SealWith(ZoneKeyId id, ObjectIdKeyId objectIdKeyId, uint retainEpochs, ulong nowUnixSeconds)
    {
        if (Find(id) is not { } zoneKey || FindObjectIdKey(objectIdKeyId) is not { } objectIdKey) return false;
        RetainEpochs = retainEpochs;
        zoneKey.ErasedAtUnixSeconds = null;
        MakeNewest(objectIdKey, nowUnixSeconds);
        MaySeal = true;
        return true;
    }

    /// <summary>Stops sealing until a key is installed; keys still open until they are erased.</summary>
    /// <param name="current">The zone key that the manifest in force names, which need not be here; it stays.</param>
    /// <param name="othersErasedAtUnixSeconds">When the others are erased, unless that comes earlier.</param>
    /// <remarks>Source: [WIRE §11.5] (links).</remarks>
    public void StopSealing(ZoneKeyId? current, ulong othersErasedAtUnixSeconds)
    {
        MaySeal = false;
        Active = null;
        foreach (ZoneKey key in _zoneKeys)
        {
            if (key.Id == current) continue;
            key.ErasedAtUnixSeconds = Math.Min(key.ErasedAtUnixSeconds ?? ulong.MaxValue, othersErasedAtUnixSeconds);
        }
    }

    /// <summary>Activates and erases keys whose time has come, and moves epoch chains on.</summary>
    /// <param name="nowUnixSeconds">The wall clock; epochs follow the highest it has shown.</param>
    /// <param name="erased">Ids of zone keys erased now are added here, so that windows and subkeys can follow.</param>
    public void Tick(ulong nowUnixSeconds, ICollection<ZoneKeyId> erased) => Tick(nowUnixSeconds, nowUnixSeconds, erased);

    /// <summary>The same where the wall clock may have stepped: keys are activated by it, and erased by a clock that follows steps late.</summary>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="settledUnixSeconds">As <see cref="SettledClock"/> gives it.</param>
    /// <param name="erased">Ids of zone keys erased now are added here, so that windows and subkeys can follow.</param>
    /// <remarks>Source: [WIRE §12.3], [WIRE §13.3].</remarks>
    public void Tick(ulong nowUnixSeconds, ulong settledUnixSeconds, ICollection<ZoneKeyId> erased)
    {
        ArgumentNullException.ThrowIfNull(erased);
        _wallEpoch = EpochSchedule.NumberAt(nowUnixSeconds);
        EpochId epoch = EpochSchedule.NumberAt(settledUnixSeconds);
        if (epoch.Value > HighEpoch.Value)
        {
            HighEpoch = epoch;
            foreach (ZoneKey key in _zoneKeys) key.AdvanceTo(epoch);
        }

        // The newest whose time has come. It is never looked for left of the active key: a clock that steps back must not let a key
        // that was replaced seal again.
        for (int i = _zoneKeys.Count - 1; i >= 0 && _zoneKeys[i] != Active; i--)
        {
            if (_zoneKeys[i].SealsFromUnixSeconds > nowUnixSeconds) continue;
            Active = _zoneKeys[i];
            break;
        }

        if (!MaySeal) Active = null;
        for (int i = _zoneKeys.Count - 1; i >= 0; i--)
        {
            if (_zoneKeys[i].ErasedAtUnixSeconds is not { } erasedAt || erasedAt > settledUnixSeconds || _zoneKeys[i] == Active) continue;
            erased.Add(_zoneKeys[i].Id);
            RemoveAt(i);
        }

        for (int i = _objectIdKeys.Count - 1; i >= 0; i--)
        {
            if (_objectIdKeys[i].ErasedAtUnixSeconds is not { } erasedAt || erasedAt > settledUnixSeconds) continue;
            _objectIdKeys[i].Dispose();
            _objectIdKeys.RemoveAt(i);
        }
    }

    /// <summary>The zone key of an id; null if the ring lacks it.</summary>
    public ZoneKey? Find(ZoneKeyId id)
    {
        foreach (ZoneKey key in _zoneKeys)
        {
            if (key.Id == id) return key;
        }

        return null;
    }

    /// <summary>The object-id key of an id; null if the ring lacks it.</summary>
    public ObjectIdKey? FindObjectIdKey(ObjectIdKeyId id)
    {
        foreach (ObjectIdKey key in _objectIdKeys)
        {
            if (key.Id == id) return key;
        }

        return null;
    }

    /// <summary>The epoch that frames and bodies under a key are sealed in now.</summary>
    public EpochId SealingEpochOf(ZoneKeyId id) => Find(id) switch
    {
        { OnlyEpoch: { } only } => only,
        { IsRatcheting: true } => HighEpoch,
        _ => PresentEpoch,
    };

    /// <summary>Judges a frame's epoch as far as it can be judged without its key. [WIRE §6], [WIRE §13.1]</summary>
    /// <remarks>A group's epochs are not the clock's: of a key that its ring lacks the key itself tells, when it comes. Before the first key of a group the clock judges.</remarks>
    public FcpStatus JudgeEpoch(ZoneKeyId id, EpochId epoch)
    {
        ZoneKey? key = Find(id);
        if (key is { OnlyEpoch: not null }) return key.JudgeEpoch(epoch, HighEpoch, RetainEpochs);
        if (key is null && _zoneKeys.Count > 0 && _zoneKeys[^1].OnlyEpoch is not null) return FcpStatus.Accepted;
        if (key is not { IsRatcheting: true }) return AcceptsAnyEpoch ? FcpStatus.Accepted : EpochSchedule.Judge(epoch, PresentEpoch, RetainEpochs);
        FcpStatus status = key.JudgeEpoch(epoch, HighEpoch, RetainEpochs);
        bool isNarrowed = status == FcpStatus.Accepted && EpochSchedule.IsBehind(epoch, PresentEpoch, RetainEpochs);
        return isNarrowed ? FcpStatus.EpochErased : status; // by a clock that has stepped ahead: what it would erase is refused at once
    }

    /// <summary>Erases every key.</summary>
    public void Dispose()
    {
        foreach (ZoneKey key in _zoneKeys) key.Dispose();
        foreach (ObjectIdKey key in _objectIdKeys) key.Dispose();
        _zoneKeys.Clear();
        _objectIdKeys.Clear();
        Active = null;
    }

    /// <summary>A later moment; the end of time stands for all beyond it, since manifests may name any second.</summary>
    private static ulong After(ulong unixSeconds, ulong seconds) =>
        seconds > ulong.MaxValue - unixSeconds ? ulong.MaxValue : unixSeconds + seconds;

    private void RemoveAt(int index)
    {
        if (_zoneKeys[index] == Active) Active = null;
        _zoneKeys[index].Dispose();
        _zoneKeys.RemoveAt(index);
    }

    private void MakeNewest(ObjectIdKey key, ulong nowUnixSeconds)
    {
        if (ActiveObjectIdKey is { } outgoing && outgoing.Id != key.Id) outgoing.ErasedAtUnixSeconds = nowUnixSeconds + ObjectIdKeyGraceSeconds;
        key.ErasedAtUnixSeconds = null;
        _objectIdKeys.Remove(key);
        _objectIdKeys.Add(key);
    }
}
