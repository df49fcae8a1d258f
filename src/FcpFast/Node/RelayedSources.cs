using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Node;

/// <summary>Which source each instance on a relay's session belongs to, and the frames that came before that was known.</summary>
/// <remarks>
/// Shape:   an instance is bound by the first body of it that opened on this session, or on one that it succeeds by a rekey; at most as many
///          as a session has lanes, and of one source as many as it has content windows: its oldest makes room, never another's. Frames of
///          instances without a binding are held.
/// Threads: the shard's thread.
/// Source:  [WIRE §5], [WIRE §16.8].
/// </remarks>
internal sealed class RelayedSources
{
    /// <summary>Bytes of frames that wait for word of their source: what a fast sender has under way while its first body of a new key passes the relay.</summary>
    public const int HeldBytesMax = 8 * 1024 * 1024;

    private readonly Dictionary<(ZoneIdHash, ZoneKeyId, SenderInstanceId), NodeId> _sources = [];
    private readonly Dictionary<NodeId, Queue<(ZoneIdHash Zone, ZoneKeyId Key, SenderInstanceId Instance)>> _bySource = [];

    /// <summary>Frames whose source is not known yet.</summary>
    public HeldFrames Frames { get; } = new(FcpStatus.UnknownSource, HeldBytesMax);

    /// <summary>The source of an instance; the default if none is proven.</summary>
    public NodeId Find(ZoneIdHash zone, ZoneKeyId zoneKey, SenderInstanceId instance) => _sources.GetValueOrDefault((zone, zoneKey, instance));

    /// <summary>A body of the instance has opened: it names its source. True if that was not known before.</summary>
    public bool Bind(ZoneIdHash zone, ZoneKeyId zoneKey, SenderInstanceId instance, NodeId source)
    {
        if (_sources.ContainsKey((zone, zoneKey, instance))) return false;
        if (!_bySource.TryGetValue(source, out Queue<(ZoneIdHash, ZoneKeyId, SenderInstanceId)>? own)) _bySource[source] = own = new();
        if (own.Count >= ReplayRules.ContentWindowsPerSourceMax || _sources.Count >= ReplayRules.RelayLanesMax)
        {
            if (own.Count == 0) return false;
            _sources.Remove(own.Dequeue());
        }

        _sources.Add((zone, zoneKey, instance), source);
        own.Enqueue((zone, zoneKey, instance));
        return true;
    }

    /// <summary>The zone key left the ring.</summary>
    public void Forget(ZoneIdHash zone, ZoneKeyId zoneKey)
    {
        foreach (Queue<(ZoneIdHash Zone, ZoneKeyId Key, SenderInstanceId Instance)> own in _bySource.Values)
        {
            for (int i = own.Count; i > 0; i--)
            {
                (ZoneIdHash Zone, ZoneKeyId Key, SenderInstanceId Instance) id = own.Dequeue();
                if (id.Zone == zone && id.Key == zoneKey) _sources.Remove(id);
                else own.Enqueue(id);
            }
        }
    }
}
