using System;
using System.Net;
using System.Net.Sockets;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>The UDP socket of a shard, for a synchronous loop on one thread.</summary>
/// <remarks>
/// Shape:   runs of equal-size datagrams in slabs, whether the system joins and splits them (<see cref="Offload"/>) or not.
/// Errors:  what a peer, the path or the device can cause is a status or a count, never an exception.
/// Threads: one for everything but <see cref="Wake"/> and the properties.
/// Cost:    no allocation a datagram or batch. With offload one system call sends up to 64 datagrams, or fills all slabs.
/// Source:  [DESIGN §1], [DESIGN §2].
/// </remarks>
public sealed partial class UdpPort : IDisposable
{
    /// <summary>Datagrams that one system call sends at most; <see cref="Send"/> cuts longer runs.</summary>
    public const int DatagramsPerRunMax = UdpOffload.DatagramsPerSendMax;

    private const int ConnectionResetControl = unchecked((int)0x9800000C); // Windows: SIO_UDP_CONNRESET
    private const int SocketLevel = 1, ReusePort = 15, NoChecksums = 11; // Linux: SOL_SOCKET, SO_REUSEPORT, SO_NO_CHECK

    private readonly Socket _socket;
    private readonly IUdpPath _path;
    private readonly IWaiter _waiter;
    private readonly UdpPort? _beside;

    private UdpPort(Socket socket, UdpPortOptions options, DatagramSlabPool pool)
    {
        _socket = socket;
        _beside = options.Beside;
        Local = ((IPEndPoint)socket.LocalEndPoint!).ToNetAddress();
        ReceiveBufferBytes = socket.ReceiveBufferSize;
        SendBufferBytes = socket.SendBufferSize;
        _path = ChoosePath(options, pool);
        bool waitsPortably = options.WaitsPortably || !Poller.IsSupported;
        _waiter = waitsPortably ? new PortableWaiter(socket, Local) : new LinuxWaiter(socket.SafeHandle, _beside?._socket.SafeHandle);
    }

    /// <summary>Where it listens.</summary>
    public NetAddress Local { get; }

    /// <summary>Whether runs of datagrams go by one system call, and why; changes at most once, when the device refuses.</summary>
    public OffloadState Offload => _path.Offload;

    /// <summary>What the system granted. Linux reports twice what it was asked for, since it counts its own overhead too.</summary>
    public int ReceiveBufferBytes { get; }

    /// <summary>What the system granted, as <see cref="ReceiveBufferBytes"/>.</summary>
    public int SendBufferBytes { get; }

    /// <summary>What happened so far.</summary>
    public UdpCounters Counters { get; } = new();

    /// <summary>True if a datagram waits to be received. Any thread.</summary>
    public bool HasWaiting => _path.HasPending || _socket.Available > 0;

    /// <summary>Datagrams that the system dropped because the socket's buffer was full, as <see cref="SystemDropCount"/> tells. Any thread.</summary>
    public long SystemDrops => SystemDropCount.Of(_socket);

    /// <summary>The system's number of the last error that was counted; 0 if there was none.</summary>
    public int LastError => _path.LastError;

    /// <summary>Opens a port.</summary>
    /// <param name="options">How.</param>
    /// <param name="pool">Where the slabs for receiving come from; stays the caller's, who disposes it after the port.</param>
    /// <remarks>Errors: <see cref="SocketException"/> if the address cannot be listened at.</remarks>
    public static UdpPort Open(UdpPortOptions options, DatagramSlabPool pool)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pool);
        options.Require();
        var socket = new Socket(NetEndPoints.AddressFamilyOf(options.Local.Family), SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (options.Local.Family == NetFamily.IPv6) socket.DualMode = false;
            if (options.SharesAddress) socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
            if (OperatingSystem.IsWindows()) _ = socket.IOControl(ConnectionResetControl, [0], null);
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            socket.SendBufferSize = options.SendBufferBytes;
            socket.Bind(options.Local.ToEndPoint());
            return new UdpPort(socket, options, pool);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes what is there, without waiting.</summary>
    /// <param name="slabs">Filled from the front; each slab is the caller's until its <see cref="DatagramSlab.Return"/>.</param>
    /// <returns>How many slabs were filled.</returns>
    /// <remarks>
    /// Shape: a slab holds datagrams of one sender, split by the size that the kernel (or the portable path itself) joined them by.
    /// Cost:  while all slabs of the pool are out nothing is taken: the datagrams wait in the system's buffer, and <see cref="Wait"/> returns
    ///        at once.
    /// </remarks>
    public int Receive(Span<DatagramSlab?> slabs) => slabs.IsEmpty ? 0 : _path.Receive(slabs);

    /// <summary>Sends datagrams of equal size that lie side by side; the last may be shorter.</summary>
    /// <param name="datagrams">The datagrams; any memory, a slab's need not be pinned anew.</param>
    /// <param name="datagramBytes">Bytes of each, 1 to 65,507.</param>
    /// <param name="to">The destination.</param>
    /// <param name="sentBytes">How far it came: all on <see cref="SendStatus.Sent"/>, else a whole number of datagrams from the front.</param>
    public SendStatus Send(ReadOnlySpan<byte> datagrams, int datagramBytes, in NetAddress to, out int sentBytes)
    {
        if (datagramBytes is < 1 or > WireLimits.DatagramBytesMax) ThrowHelper.BadArgument(nameof(datagramBytes), "a datagram has 1 to 65,507 bytes");
        return _path.Send(datagrams, datagramBytes, to, out sentBytes);
    }

    /// <summary>
    /// Waits until there is something to receive (or room to send, if asked), somebody calls <see cref="Wake"/>, or the time is over.
    /// </summary>
    /// <param name="timeoutMs">0 looks without waiting; -1 has no end.</param>
    /// <param name="untilWritable">Also end when there is room to send.</param>
    /// <param name="untilBesideWritable">Also end when there is room to send by the port beside (<see cref="UdpPortOptions.Beside"/>).</param>
    public PortEvents Wait(int timeoutMs, bool untilWritable = false, bool untilBesideWritable = false)
    {
        if (timeoutMs < -1) ThrowHelper.BadArgument(nameof(timeoutMs), "milliseconds, or -1 for no end");
        if (!_path.HasPending && _beside?._path.HasPending != true) return _waiter.Wait(timeoutMs, untilWritable, untilBesideWritable);
        return _waiter.Wait(0, untilWritable, untilBesideWritable) | PortEvents.Readable;
    }

    /// <summary>Ends the wait that is under way, or else the next one. Any thread.</summary>
    public void Wake() => _waiter.Wake();

    /// <summary>Closes the socket and returns the slabs that were kept ready.</summary>
    /// <remarks>Threads: only after the loop has ended.</remarks>
    public void Dispose()
    {
        _path.Dispose();
        _waiter.Dispose();
        _socket.Dispose();
    }

    /// <summary>For tests on Linux: without the checksums that segmentation needs, the kernel refuses every run.</summary>
    internal void RefuseRuns(bool refuses) => _socket.SetRawSocketOption(SocketLevel, NoChecksums, BitConverter.GetBytes(refuses ? 1 : 0));

    private IUdpPath ChoosePath(UdpPortOptions options, DatagramSlabPool pool)
    {
        if (options.Offload == OffloadChoice.Off)
        {
            return Portable(options, pool, OffloadReason.ConfiguredOff, "Offload is configured off.");
        }

        UdpOffload? offload = UdpOffload.Open(_socket.SafeHandle, Local.Family, options.SlabsPerReceive, out string fault);
        if (offload is null) return Portable(options, pool, OffloadReason.Unavailable, fault);
        return new OffloadPath(offload, options, pool, Counters);
    }

    private PortablePath Portable(UdpPortOptions options, DatagramSlabPool pool, OffloadReason reason, string explanation) =>
        new(_socket, options, pool, Counters, new OffloadState(false, reason, explanation));
}
