using System;
using System.Runtime.InteropServices;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Linux;

public sealed partial class UdpOffload
{
    /// <summary>The most datagrams of one <see cref="Send"/>, on every kernel.</summary>
    public const int DatagramsPerSendMax = Libc.UDP_MAX_SEGMENTS;

    // CMSG_SPACE of a u16: a header of 16 and the value, padded to eight.
    private const int SegmentControlBytes = 24;

    // A run that with its headers (Ethernet 14, VLAN 4, IPv6 40, UDP 8) passes 65,535 bytes is too long for the device's segmentation:
    // the kernel then splits it by itself, so that a coalescing receiver (loopback too) gets every datagram on its own.
    private const int RunBytesMax = ushort.MaxValue - (14 + 4 + 40 + 8);

    // A pending ICMP error is reported once by whatever call comes next and is gone then.
    private const int PendingErrorsMax = 4;

    /// <summary>How many bytes of a longer run one call sends: whole datagrams, within the kernel's bounds on segments and payload.</summary>
    public static int BytesPerSend(int segmentBytes) =>
        Math.Min(DatagramsPerSendMax, Math.Max(1, RunBytesMax / segmentBytes)) * segmentBytes;

    /// <summary>Sends by one system call: all of <paramref name="datagrams"/> if the kernel takes so many at once, else the first <see cref="BytesPerSend"/>.</summary>
    /// <param name="datagrams">Datagrams of equal size side by side; the last may be shorter.</param>
    /// <param name="segmentBytes">Bytes of each; a run that is not longer is a single datagram and goes without offload.</param>
    /// <param name="to">The destination.</param>
    /// <remarks>Errors: <see cref="UdpResult.Count"/> is 0 unless <see cref="UdpStatus.Done"/>: the kernel takes the run whole or not at all.</remarks>
    public unsafe UdpResult Send(ReadOnlySpan<byte> datagrams, int segmentBytes, in NetAddress to)
    {
        if (segmentBytes is < 1 or > WireLimits.DatagramBytesMax) ThrowHelper.BadArgument(nameof(segmentBytes), "a datagram has 1 to 65,507 bytes");
        if (datagrams.IsEmpty) ThrowHelper.BadArgument(nameof(datagrams), "at least one datagram");
        if (to.Family != _family) return new UdpResult(UdpStatus.Unreachable, 0, 0);
        bool isWhole = datagrams.Length <= segmentBytes || datagrams.Length <= Math.Min(RunBytesMax, DatagramsPerSendMax * segmentBytes);
        int bytes = isWhole ? datagrams.Length : BytesPerSend(segmentBytes);
        bool isRun = bytes > segmentBytes;
        byte* name = stackalloc byte[SocketAddressCodec.IPv6Bytes];
        byte* control = stackalloc byte[SegmentControlBytes];
        int nameBytes = SocketAddressCodec.Write(to, new Span<byte>(name, SocketAddressCodec.IPv6Bytes));
        if (isRun) WriteSegmentControl(control, (ushort)segmentBytes);

        // SAFETY: the header points to locals of this frame and to the fixed span, all valid until the call returns; bytes <= datagrams.Length.
        fixed (byte* data = datagrams)
        {
            var vector = new IoVector { Base = data, LengthBytes = (nuint)bytes };
            var message = new MessageHeader
            {
                Name = name,
                NameBytes = (uint)nameBytes,
                Vectors = &vector,
                VectorCount = 1,
                Control = isRun ? control : null,
                ControlBytes = isRun ? (nuint)SegmentControlBytes : 0,
            };
            return SendOne(&message, bytes, isRun);
        }
    }

    private static unsafe void WriteSegmentControl(byte* control, ushort segmentBytes)
    {
        // SAFETY: the caller's 24 bytes hold the header and the value; all of them are written.
        new Span<byte>(control, SegmentControlBytes).Clear();
        *(ControlHeader*)control = new ControlHeader
        {
            LengthBytes = (nuint)(sizeof(ControlHeader) + sizeof(ushort)),
            Level = Libc.SOL_UDP,
            Type = Libc.UDP_SEGMENT,
        };
        *(ushort*)(control + sizeof(ControlHeader)) = segmentBytes;
    }

    private unsafe UdpResult SendOne(MessageHeader* message, int bytes, bool isRun)
    {
        using var lease = new HandleLease(_socket);
        int errno = 0;
        for (int attempt = 0; attempt < PendingErrorsMax; attempt++)
        {
            // SAFETY: as in Send, which calls this inside its fixed block.
            nint sent = Libc.sendmsg(lease.Descriptor, message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (sent >= 0)
            {
                Invariant.Require(sent == bytes, "a datagram is sent whole");
                return new UdpResult(UdpStatus.Done, bytes, 0);
            }

            errno = Marshal.GetLastPInvokeError();
            if (errno is not (Libc.EINTR or Libc.ECONNREFUSED)) break;
        }

        return new UdpResult(SendFailure(errno, isRun), 0, errno);
    }

    private static UdpStatus SendFailure(int errno, bool isRun) => errno switch
    {
        Libc.EAGAIN or Libc.ENOBUFS or Libc.ENOMEM or Libc.EINTR => UdpStatus.WouldBlock,
        Libc.EIO when isRun => UdpStatus.OffloadUnsupported, // no checksum offload on the way out
        Libc.EINVAL or Libc.EMSGSIZE or Libc.EOPNOTSUPP or Libc.EPROTO when isRun => UdpStatus.OffloadRefused,
        Libc.EMSGSIZE => UdpStatus.TooLarge,
        Libc.EHOSTUNREACH or Libc.ENETUNREACH or Libc.EHOSTDOWN or Libc.ENETDOWN => UdpStatus.Unreachable,
        Libc.ECONNREFUSED => UdpStatus.PeerRefused,
        _ => UdpStatus.Failed,
    };
}
