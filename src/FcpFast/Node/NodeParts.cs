using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>What a node core is built from.</summary>
/// <param name="Crypto">The seams of the control path.</param>
/// <param name="Self">This node.</param>
/// <param name="Directory">The identities on file.</param>
/// <param name="Zones">Its zones.</param>
/// <param name="Peers">The peers that it may have sessions with.</param>
/// <param name="Instances">Draws its sender instances.</param>
/// <param name="Streams">Its control connections.</param>
/// <param name="Datagrams">Its datagram socket, for frames that are passed on.</param>
/// <param name="Store">Where files that come in are written.</param>
/// <param name="Source">Where files that go out are read.</param>
/// <param name="Observer">Who is told what happens.</param>
/// <param name="Audit">Who sees every accepted number; null for nobody.</param>
/// <param name="Records">Who judges records of the control plane; null if this node takes none.</param>
/// <param name="Durability">What keeps relays from bringing again what a process before this one has opened; null for none.</param>
/// <param name="Keeping">Keeps sessions over restarts (mode M1); null for mode M0.</param>
/// <param name="Door">The node's bounds on Hellos, shared by its shards; null for bounds of this core's own.</param>
/// <param name="Shards">The node's other shards; null if this core is the whole node.</param>
public sealed record NodeParts(
    CryptoProvider Crypto, LocalIdentity Self, PeerDirectory Directory, ZoneTable Zones, IReadOnlyList<PeerConfiguration> Peers,
    InstanceSource Instances, IStreamPort Streams, IDatagramPort Datagrams, ITransferStore Store, ISegmentSource Source, INodeObserver Observer,
    IFrameAudit? Audit = null, IRecordPort? Records = null, ContentDurability? Durability = null, SessionKeeping? Keeping = null,
    HelloDoor? Door = null, IShardPort? Shards = null);
