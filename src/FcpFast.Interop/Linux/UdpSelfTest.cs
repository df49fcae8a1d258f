using System;
using System.Net;
using System.Net.Sockets;
using FcpFast.Interop.Memory;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Linux;

/// <summary>Sends a run of datagrams to itself once a process: proves the calls, the structs and the kernel together.</summary>
/// <remarks>
/// Errors:  <see cref="Fault"/> states what was expected, what was found and the remedy.
/// Threads: any; decided once.
/// Source:  [STYLE 5] (start-up gate).
/// </remarks>
internal static class UdpSelfTest
{
    private const int SegmentBytes = 16;
    private const int RunBytes = (2 * SegmentBytes) + 7;
    private const int Slabs = 3; // a kernel that splits on loopback delivers three
    private const int WaitMicroseconds = 1_000_000;

    /// <summary>Why offload cannot be used here; null if it can.</summary>
    public static string? Fault { get; } = Run();

    private static string? Run()
    {
        try
        {
            return Run(IPAddress.Loopback, NetFamily.IPv4);
        }
        catch (SocketException)
        {
            // a machine without IPv4
        }

        try
        {
            return Run(IPAddress.IPv6Loopback, NetFamily.IPv6);
        }
        catch (SocketException e)
        {
            return Failed($"no loopback socket ({e.SocketErrorCode})");
        }
    }

    private static string? Run(IPAddress loopback, NetFamily family)
    {
        using var socket = new Socket(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(loopback, 0));
        UdpOffload? offload = UdpOffload.OpenUntested(socket.SafeHandle, family, Slabs, out string fault);
        if (offload is null) return fault;
        Span<byte> address = stackalloc byte[NetAddress.IPv6Bytes];
        _ = loopback.TryWriteBytes(address, out _);
        ushort port = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
        NetAddress self = family == NetFamily.IPv4 ? NetAddress.IPv4(address, port) : NetAddress.IPv6(address, port);
        byte[] run = new byte[RunBytes];
        for (int i = 0; i < run.Length; i++) run[i] = (byte)(i + 1);
        UdpResult sent = offload.Send(run, SegmentBytes, self);
        return sent.Status == UdpStatus.Done ? Receive(socket, offload, run, self) : Failed($"sending ended with {sent.Status}, error {sent.Errno}");
    }

    private static string? Receive(Socket socket, UdpOffload offload, ReadOnlySpan<byte> run, NetAddress self)
    {
        using var pool = new PinnedSlabPool(Slabs);
        var slabs = new PinnedSlab[Slabs];
        for (int i = 0; i < Slabs; i++) _ = pool.TryRent(out slabs[i]!);
        try
        {
            var arrivals = new UdpArrival[Slabs];
            int seenBytes = 0;
            while (seenBytes < run.Length)
            {
                if (!socket.Poll(WaitMicroseconds, SelectMode.SelectRead)) return Failed("nothing came back within a second");
                UdpResult received = offload.ReceiveMany(slabs, arrivals);
                if (received.Status != UdpStatus.Done) return Failed($"receiving ended with {received.Status}, error {received.Errno}");
                for (int i = 0; i < received.Count; i++)
                {
                    UdpArrival arrival = arrivals[i];
                    bool isRight = arrival is { IsTruncated: false, Bytes: > 0, SegmentBytes: <= SegmentBytes } && arrival.From == self
                        && arrival.Bytes <= run.Length - seenBytes
                        && slabs[i].Span[..arrival.Bytes].SequenceEqual(run.Slice(seenBytes, arrival.Bytes));
                    if (!isRight) return Failed($"{arrival.Bytes} bytes in segments of {arrival.SegmentBytes} from {arrival.From}");
                    seenBytes += arrival.Bytes;
                }
            }

            return null;
        }
        finally
        {
            foreach (PinnedSlab slab in slabs) pool.Return(slab);
        }
    }

    private static string Failed(string found) =>
        $"Expected: a run of three datagrams comes back over loopback as it was sent. Found: {found}. " +
        "Remedy: a kernel that supports UDP segmentation and receive offload; until then datagrams are sent one by one.";
}
