using System;
using System.Collections.Generic;
using System.Globalization;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>A node in memory with many peers on file. Its keys are made from fixed bytes, one for all peers; it protects nothing.</summary>
/// <remarks>Threads: one.</remarks>
internal sealed class SiegeNode : IStreamPort, IDatagramPort, INodeObserver, IDisposable
{
    private const int AssemblyBytes = 1024 * 1024;
    private const int CreditBytes = 512 * 1024;
    private const uint NodeSeed = 101, PeerSeed = 102;

    private readonly byte[] _answer = new byte[WireLimits.DatagramBytesMax];
    private int _answerBytes;

    /// <summary>Makes the node.</summary>
    public SiegeNode(BenchEngine engine, int peers, Instant now)
    {
        Crypto = engine.Bind(LibsodiumGate.Open());
        Id = Name("node");
        var directory = new PeerDirectory();
        SecretKey seed = Identify(NodeSeed, out PublicKey key), peerSeed = Identify(PeerSeed, out PublicKey peerKey);
        PeerSeedKey = peerSeed;
        OfPeers.Set(new PeerIdentity(Id, key, FcpStatus.Accepted, ulong.MaxValue));
        var configured = new List<PeerConfiguration>(peers);
        for (int i = 0; i < peers; i++)
        {
            NodeId id = PeerId(i);
            directory.Set(new PeerIdentity(id, peerKey, FcpStatus.Accepted, ulong.MaxValue));
            configured.Add(new PeerConfiguration(id, ConnectsTo: false, default));
        }

        var files = new NoFiles();
        var parts = new NodeParts(
            Crypto, new LocalIdentity(Id, seed), directory, new ZoneTable(), configured, new InstanceSource(Crypto, seed, 0, "siege", ""), this, this,
            files, files, this);
        Core = engine.NewCore(parts, new NodeOptions { AssemblyBytes = AssemblyBytes, CreditBytesMax = CreditBytes }, now);
    }

    /// <summary>The seams.</summary>
    public CryptoProvider Crypto { get; }

    /// <summary>The node.</summary>
    public INodeCore Core { get; }

    /// <summary>Its id.</summary>
    public NodeId Id { get; }

    /// <summary>What its peers know of it.</summary>
    public PeerDirectory OfPeers { get; } = new();

    /// <summary>The signing key of every peer.</summary>
    public SecretKey PeerSeedKey { get; }

    /// <summary>Links that are established now.</summary>
    public int LinksUp { get; private set; }

    /// <summary>The handshake message that it sent last; empty once it was asked for.</summary>
    public ReadOnlySpan<byte> TakeAnswer()
    {
        int bytes = _answerBytes;
        _answerBytes = 0;
        return _answer.AsSpan(0, bytes);
    }

    /// <summary>The id of a peer.</summary>
    public static NodeId PeerId(int number) => Name(string.Create(CultureInfo.InvariantCulture, $"peer-{number}"));

    void IStreamPort.Connect(NodeId peer)
    {
        // it connects to nobody
    }

    bool IStreamPort.Send(long connection, bool isHandshake, ReadOnlySpan<byte> message)
    {
        if (!isHandshake) return true;
        message.CopyTo(_answer);
        _answerBytes = message.Length;
        return true;
    }

    bool IStreamPort.HasRoom(long connection, int bytes) => true;

    void IStreamPort.Prove(long connection)
    {
        // connections have no bounds here
    }

    void IStreamPort.Close(long connection)
    {
        // nor any state
    }

    bool IDatagramPort.Send(ReadOnlySpan<byte> datagrams, int datagramBytes, DatagramRoute to) => true;

    void INodeObserver.LinkChanged(NodeId peer, LinkState state) => LinksUp += state switch
    {
        LinkState.Established => 1,
        LinkState.Down => -1,
        _ => 0,
    };

    void INodeObserver.HandshakeFailed(NodeId peer, FcpStatus reason)
    {
        // its counters tell
    }

    void ITransferObserver.Opened(IncomingFile file)
    {
        // there are no files
    }

    void ITransferObserver.Completed(IncomingFile file)
    {
        // there are no files
    }

    void ITransferObserver.Failed(IncomingFile file)
    {
        // there are no files
    }

    void ITransferObserver.Completed(OutgoingFile file)
    {
        // there are no files
    }

    void ITransferObserver.Failed(OutgoingFile file)
    {
        // there are no files
    }

    /// <inheritdoc/>
    public void Dispose() => Core.Dispose();

    private static NodeId Name(string text)
    {
        Invariant.Require(NodeId.Parse(text, out NodeId id) == FcpStatus.Accepted, "a node id");
        return id;
    }

    private SecretKey Identify(uint seed, out PublicKey publicKey)
    {
        byte[] secret = BenchData.Make(seed, CryptoSizes.KeyBytes), bytes = new byte[PublicKey.Length];
        Crypto.Signatures.DerivePublicKey(secret, bytes);
        publicKey = PublicKey.Read(bytes);
        return Crypto.Vault.Import(secret);
    }

    /// <summary>Neither takes nor sends files.</summary>
    private sealed class NoFiles : ITransferStore, ISegmentSource
    {
        ReadOnlySpan<byte> ISegmentSource.Memory => default;

        bool ISegmentSource.TryPrepare(OutgoingFile file, ulong index, int symbolBytes) => false;

        bool ISegmentSource.TryTake(out PreparedSegment prepared)
        {
            prepared = default;
            return false;
        }

        void ISegmentSource.Return(int slot) => Invariant.Require(false, "no slot was given out");

        void ITransferStore.Open(IncomingFile file) => Invariant.Require(false, "nobody has a zone in which to announce a file");

        void ITransferStore.Inspect(IncomingSegment segment) => Invariant.Require(false, "there are no files");

        void ITransferStore.Write(IncomingFile file, ulong fileOffset, ReadOnlyMemory<byte> bytes, ulong token) => Invariant.Require(false, "there are no files");

        void ITransferStore.CloseSegment(IncomingSegment segment) => Invariant.Require(false, "there are no files");

        void ITransferStore.Finish(IncomingFile file) => Invariant.Require(false, "there are no files");

        void ITransferStore.Abandon(IncomingFile file) => Invariant.Require(false, "there are no files");

        bool ITransferStore.TryTake(out StoreEvent answer)
        {
            answer = default;
            return false;
        }
    }
}
