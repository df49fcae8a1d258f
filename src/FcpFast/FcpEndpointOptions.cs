using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using FcpFast.Control.Store;
using FcpFast.Files;
using FcpFast.Interop.Kernels;
using FcpFast.Node;
using FcpFast.Objects;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast;

/// <summary>How an endpoint is set up.</summary>
/// <remarks>
/// Shape:   start from <see cref="Gateway"/> or <see cref="Edge"/>, which differ in sizes only, and give at least the state folder.
/// Errors:  <see cref="Faults"/> lists everything that is wrong at once.
/// </remarks>
public sealed partial record FcpEndpointOptions
{
    /// <summary>The node's state folder: identity, attestations, manifests, keys. It belongs to one process at a time.</summary>
    public required string StateFolder { get; init; }

    /// <summary>From what the key of the state folder comes; a key file in it unless said otherwise.</summary>
    public StoreKeySource StateKey { get; init; } = new StoreKeySource.KeyFile();

    /// <summary>True if this node keeps manifests of ratcheting zones whole, for nodes that ask for them; it could then open their boxes again.</summary>
    public bool IsArchive { get; init; }

    /// <summary>How long the data plane goes on after its control plane ended or its store failed.</summary>
    internal TimeSpan ControlSilenceMax { get; init; } = Host.ControlWatch.SilenceMaxDefault;

    /// <summary>Where to receive: UDP, and TCP on the same port number where <see cref="AcceptsSessions"/>. Port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 0);

    /// <summary>True if peers may open sessions to this endpoint.</summary>
    public bool AcceptsSessions { get; init; } = true;

    /// <summary>Peers that this endpoint opens sessions to. Every other node with an attestation on file may open one to it.</summary>
    public IReadOnlyList<FcpPeer> Peers { get; init; } = [];

    /// <summary>The folder that received files go to; null if this endpoint writes none.</summary>
    public string? ReceiveInto { get; init; }

    /// <summary>Takes what comes in into memory, as <see cref="FcpEndpoint.Objects"/>, instead of into a folder; null if not.</summary>
    public FcpObjectOptions? ReceiveObjects { get; init; }

    /// <summary>True if a received file replaces one of its name; else it gets a number.</summary>
    public bool Overwrites { get; init; }

    /// <summary>Larger files are refused.</summary>
    public ulong FileBytesMax { get; init; } = ObjectLimits.TotalBytesMax;

    /// <summary>Whether runs of datagrams go by one system call.</summary>
    public OffloadChoice Offload { get; init; } = OffloadChoice.Auto;

    /// <summary>Which AEAD engine the data path may run on.</summary>
    public EngineChoice Engine { get; init; } = EngineChoice.Auto;

    /// <summary>The session MAC suites taken, in order of preference.</summary>
    public IReadOnlyList<MacSuite> Suites { get; init; } = [MacSuite.Blake3, MacSuite.HmacSha256];

    /// <summary>The largest datagram that is sent: the path must carry it.</summary>
    public int DatagramBytesMax { get; init; } = WireLimits.DatagramBytesDefault;

    /// <summary>Width of the replay windows.</summary>
    public int WindowFrames { get; init; } = ReplayWindow.WidthFramesDefault;

    /// <summary>What keeps a relay from bringing frames again that were opened before the last start.</summary>
    public RelayedReplayRule RelayedReplay { get; init; }

    /// <summary>Whether sessions end with the process (M0) or go on after a restart (M1). The peers need not be set up alike.</summary>
    public ReplayMode ReplayMode { get; init; }

    /// <summary>
    /// For <see cref="ReplayMode.M1"/>: a file of this node alone that does not come back when the disk of <see cref="StateFolder"/> is put back to
    /// an older state, so on another file system. It is made if there is none; kept sessions are believed only if it was there.
    /// </summary>
    public string? Witness { get; init; }

    /// <summary>
    /// A file whose content changes when this machine is restored from a snapshot or cloned: whoever does that writes it. Null for what the
    /// platform itself tells. A change ends every session, and new ones are made.
    /// </summary>
    public string? HostGenerationFile { get; init; }

    /// <summary>
    /// Threads of the data path, each with sockets, sessions and windows of its own; a peer has one of them. Memory, sessions and subkeys are shared
    /// out evenly. More than one needs Linux.
    /// </summary>
    public int Shards { get; init; } = 1;

    /// <summary>As many shards as this machine has cores, where its system can steer datagrams to them; else one.</summary>
    public static int ShardsOfThisMachine => Interop.Linux.Poller.IsSupported ? Math.Min(Environment.ProcessorCount, SessionSteering.ShardsMax) : 1;

    /// <summary>Memory for chunks that are being put together.</summary>
    public int AssemblyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Memory for segments that are being sent.</summary>
    public FileSourceOptions Source { get; init; } = new();

    /// <summary>Sessions at once.</summary>
    public int SessionsMax { get; init; } = 65_536;

    /// <summary>Subkeys held at once.</summary>
    public int SubkeysMax { get; init; } = 4_096;

    /// <summary>Socket buffers asked for.</summary>
    public int SocketBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Budgets of requests and unverified traffic.</summary>
    public AdmissionLimits Admission { get; init; } = AdmissionLimits.Default;

    /// <summary>When a session is replaced by a fresh one; each session reduces it by a random part of up to a tenth.</summary>
    public SequencerLimits RekeyAfter { get; init; } = SequencerLimits.Default;

    /// <summary>What this endpoint passes on as a relay, unopened; nothing if it is none.</summary>
    public IReadOnlyList<RelayRoute> Routes { get; init; } = [];

    /// <summary>Bytes a second that a relay passes on for one peer; 0 for no limit.</summary>
    public long RelayBytesPerSecondMax { get; init; }

    /// <summary>The clock; replaced in tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sees every accepted number; null for nobody.</summary>
    public IFrameAudit? Audit { get; init; }

    /// <summary>Sizes for a throughput-critical gateway.</summary>
    public static FcpEndpointOptions Gateway(string stateFolder) => new() { StateFolder = stateFolder };

    /// <summary>Sizes for an edge node with little memory.</summary>
    public static FcpEndpointOptions Edge(string stateFolder) => new()
    {
        StateFolder = stateFolder,
        AssemblyBytes = 4 * 1024 * 1024,
        Source = new FileSourceOptions(SegmentBytes: 1024 * 1024, Slots: 3),
        SessionsMax = 256,
        SubkeysMax = 256,
        SocketBufferBytes = 1024 * 1024,
    };

    /// <summary>A shard's part of <see cref="AssemblyBytes"/>.</summary>
    internal int AssemblyBytesOfShard => AssemblyBytes / ShardsAtLeastOne / ArenaAllocator.PageBytes * ArenaAllocator.PageBytes;

    private int ShardsAtLeastOne => Math.Max(1, Shards);

    /// <summary>Everything that is wrong with these options; empty if nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Require(!string.IsNullOrWhiteSpace(StateFolder), "StateFolder: a folder is needed");
        Require(DatagramBytesMax is >= WireLimits.DatagramBytesMin and <= WireLimits.DatagramBytesMax, "DatagramBytesMax: 576 to 65,507");
        Require(WindowFrames is >= ReplayWindow.WidthFramesMin and <= ReplayWindow.WidthFramesMax, "WindowFrames: 64 to 65,472");
        Require(Shards is >= 1 and <= SessionSteering.ShardsMax, "Shards: 1 to 32");
        Require(Shards <= 1 || Interop.Linux.Poller.IsSupported, "Shards: this system cannot steer datagrams to several; use 1");
        Require(Shards <= 1 || ReplayMode == ReplayMode.M0, "Shards: ReplayMode M1 keeps the sessions of one shard only; use 1, or M0");
        Require(AssemblyBytesOfShard >= 1024 * 1024 && AssemblyBytes % ArenaAllocator.PageBytes == 0, "AssemblyBytes: at least 1 MiB a shard, a multiple of 4,096");
        Require(Enum.IsDefined(Engine), "Engine: auto, libsodium or wide");
        Require(Enum.IsDefined(RelayedReplay), "RelayedReplay: ceilings or epochFence");
        Require(Enum.IsDefined(ReplayMode), "ReplayMode: M0 or M1");
        Require(ReplayMode != ReplayMode.M1 || !string.IsNullOrWhiteSpace(Witness),
            "ReplayMode: M1 keeps sessions over restarts and needs a witness, else a disk that is put back would let frames count twice; name a file on another file system (Witness, --witness), or use M0");
        Require(ReplayMode == ReplayMode.M1 || Witness is null, "Witness: only ReplayMode M1 asks one");
        Require(ReplayMode != ReplayMode.M1 || RelayedReplay == RelayedReplayRule.Ceilings, "RelayedReplay: ReplayMode M1 needs ceilings");
        Require(SessionsMax / ShardsAtLeastOne >= 1, "SessionsMax: at least 1 a shard");
        Require(SubkeysMax / ShardsAtLeastOne >= 16, "SubkeysMax: at least 16 a shard");
        Require(Suites.Count is >= 1 and <= 2 && Suites.Distinct().Count() == Suites.Count && !Suites.Contains(MacSuite.Unset), "Suites: one or two different suites");
        Require(Source.Slots >= 1, "Source.Slots: at least 1");
        Require(Source.SegmentBytes is >= ObjectLimits.SegmentBytesMin and <= ObjectLimits.SegmentBytesMax, "Source.SegmentBytes: 64 KiB to 64 MiB");
        Require(Source.ChunkBytes is >= 4096 and <= ObjectLimits.ChunkBytesMax && Source.SegmentBytes % Math.Max(1, Source.ChunkBytes) == 0,
            "Source.ChunkBytes: 4 KiB to 256 KiB, and a part of SegmentBytes");
        Require(ReceiveInto is null || Directory.Exists(ReceiveInto), $"ReceiveInto: the folder {ReceiveInto} does not exist");
        Require(ReceiveInto is null || ReceiveObjects is null, "ReceiveObjects: not beside ReceiveInto, since what comes in goes to one of them");
        Require(ReceiveObjects is null or { ObjectBytesMax: >= 0 }, "ReceiveObjects.ObjectBytesMax: at least 0");
        Require(ReceiveObjects is null || ReceiveObjects.MemoryBytesMax / ShardsAtLeastOne / 2 >= ReceiveObjects.ObjectBytesMax + (long)ObjectMemory.OverheadBytes,
            "ReceiveObjects.MemoryBytesMax: twice ObjectBytesMax and 8 KiB a shard, since one source may hold half");
        Require(Peers.Select(static peer => peer.Node).Distinct().Count() == Peers.Count, "Peers: a node stands twice");
        return faults;

        void Require(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }
    }
}
