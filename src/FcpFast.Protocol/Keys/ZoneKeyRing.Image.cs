using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <content>Copies for a store and for another thread, and the way back.</content>
public sealed partial class ZoneKeyRing
{
    /// <summary>Copies everything.</summary>
    /// <param name="vault">Where the copies go.</param>
    public ZoneKeyRingImage ToImage(IKeyVault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        return new ZoneKeyRingImage
        {
            Zone = Zone,
            ZoneKeys = [.. _zoneKeys.Select(key => key.ToImage(vault))],
            ObjectIdKeys = [.. _objectIdKeys.Select(key => new ObjectIdKeyImage(key.Id, key.ErasedAtUnixSeconds, key.Key.CopyTo(vault)))],
            Active = Active?.Id,
            MaySeal = MaySeal,
            RetainEpochs = RetainEpochs,
            HighEpoch = HighEpoch,
        };
    }

    /// <summary>Makes this ring hold exactly the keys of an image; those that it holds already stay the objects they are.</summary>
    /// <param name="image">Of the same zone; its copies are taken over or erased.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="erased">Ids of zone keys erased now are added here.</param>
    /// <remarks>Shape: the highest epoch never goes down. The key that seals goes on until the next <see cref="Tick(ulong, ICollection{ZoneKeyId})"/> finds a newer one.</remarks>
    public void Adopt(ZoneKeyRingImage image, CryptoProvider crypto, ICollection<ZoneKeyId> erased)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(erased);
        Invariant.Require(image.Zone == Zone, "a ring adopts keys of its own zone");
        if (image.HighEpoch.Value > HighEpoch.Value) HighEpoch = image.HighEpoch;
        RetainEpochs = image.RetainEpochs;
        MaySeal = image.MaySeal;
        for (int i = _zoneKeys.Count - 1; i >= 0; i--)
        {
            if (image.ZoneKeys.Any(key => key.Id == _zoneKeys[i].Id)) continue;
            erased.Add(_zoneKeys[i].Id);
            RemoveAt(i);
        }

        AdoptZoneKeys(image.ZoneKeys, crypto);
        AdoptObjectIdKeys(image.ObjectIdKeys);
        Active = MaySeal ? Active ?? (image.Active is { } active ? Find(active) : null) : null;
    }

    private void AdoptZoneKeys(ImmutableArray<ZoneKeyImage> images, CryptoProvider crypto)
    {
        var held = _zoneKeys.ToDictionary(static key => key.Id);
        _zoneKeys.Clear();
        foreach (ZoneKeyImage image in images)
        {
            if (held.TryGetValue(image.Id, out ZoneKey? key)) image.Dispose();
            else key = ZoneKey.From(image, crypto);
            key.ErasedAtUnixSeconds = image.ErasedAtUnixSeconds;
            key.AdvanceTo(HighEpoch);
            _zoneKeys.Add(key);
        }
    }

    private void AdoptObjectIdKeys(ImmutableArray<ObjectIdKeyImage> images)
    {
        var held = _objectIdKeys.ToDictionary(static key => key.Id);
        _objectIdKeys.Clear();
        foreach (ObjectIdKeyImage image in images)
        {
            if (held.Remove(image.Id, out ObjectIdKey? key)) image.Dispose();
            else key = new ObjectIdKey(image.Id, image.Key);
            key.ErasedAtUnixSeconds = image.ErasedAtUnixSeconds;
            _objectIdKeys.Add(key);
        }

        foreach (ObjectIdKey left in held.Values) left.Dispose();
    }
}
