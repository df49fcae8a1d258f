using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using FcpFast.Interop.Memory;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Linux;

public sealed partial class UdpOffload
{
    // Each slot of the workspace: a sockaddr_in6 (28), and a control message of a segment size (24), with room for one more.
    private const int NameBytes = 32;
    private const int ControlBytes = 64;

    private readonly BatchHeader[] _headers;
    private readonly IoVector[] _vectors;
    private readonly byte[] _names;
    private readonly byte[] _controls;

    /// <summary>Fills slabs with what is there, without waiting: a slab for each sender's run of equal datagrams.</summary>
    /// <param name="slabs">Where to; the kernel takes them in order.</param>
    /// <param name="arrivals">What came, for each filled slab.</param>
    /// <param name="bytesEach">How much of a slab to use.</param>
    /// <returns><see cref="UdpStatus.Done"/> and how many slabs were filled, or <see cref="UdpStatus.WouldBlock"/> if nothing is there.</returns>
    /// <remarks>
    /// Shape:  a run is split by the kernel's segment size only; without one the slab is a single datagram, which may be empty.
    /// Errors: answers of "port unreachable" are skipped, <see cref="UdpStatus.PeerRefused"/> after several in a row.
    /// </remarks>
    public unsafe UdpResult ReceiveMany(ReadOnlySpan<PinnedSlab> slabs, Span<UdpArrival> arrivals, int bytesEach = PinnedSlab.SlabBytes)
    {
        if (bytesEach is < 1 or > PinnedSlab.SlabBytes) ThrowHelper.BadArgument(nameof(bytesEach), "1 to 65,536 bytes of a slab");
        int count = Math.Min(Math.Min(slabs.Length, arrivals.Length), _headers.Length);
        if (count == 0) ThrowHelper.BadArgument(nameof(slabs), "at least one slab and room for its arrival");
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a slab's memory is pinned for as long as it is reachable, which the caller's span sees to; bytesEach <= SlabBytes.
            _vectors[i].Base = (byte*)slabs[i].Address;
            _vectors[i].LengthBytes = (nuint)bytesEach;
            _headers[i].Message.NameBytes = NameBytes;
            _headers[i].Message.ControlBytes = ControlBytes;
            _headers[i].Message.Flags = 0;
        }

        int filled = ReceiveBatch(count, out int errno);
        if (filled <= 0) return new UdpResult(ReceiveFailure(errno), 0, errno);
        for (int i = 0; i < filled; i++) arrivals[i] = ReadArrival(i, bytesEach);
        return new UdpResult(UdpStatus.Done, filled, 0);
    }

    private static UdpStatus ReceiveFailure(int errno) => errno switch
    {
        0 or Libc.EAGAIN or Libc.EINTR or Libc.ENOBUFS or Libc.ENOMEM => UdpStatus.WouldBlock,
        Libc.ECONNREFUSED or Libc.EHOSTUNREACH or Libc.ENETUNREACH or Libc.EHOSTDOWN or Libc.ENETDOWN => UdpStatus.PeerRefused,
        _ => UdpStatus.Failed,
    };

    private unsafe int ReceiveBatch(int count, out int errno)
    {
        using var lease = new HandleLease(_socket);
        errno = 0;
        for (int attempt = 0; attempt < PendingErrorsMax; attempt++)
        {
            // SAFETY: the headers lie in a pinned array of at least count items and point into pinned arrays of this object (PointHeaders)
            // and to the caller's slabs.
            var headers = (BatchHeader*)Marshal.UnsafeAddrOfPinnedArrayElement(_headers, 0);
            int filled = Libc.recvmmsg(lease.Descriptor, headers, (uint)count, Libc.MSG_DONTWAIT, null);
            if (filled >= 0)
            {
                Invariant.Require(filled <= count, "the kernel fills no more slabs than it was given");
                errno = 0;
                return filled;
            }

            errno = Marshal.GetLastPInvokeError();
            if (errno != Libc.EINTR && ReceiveFailure(errno) != UdpStatus.PeerRefused) break;
        }

        return -1;
    }

    private UdpArrival ReadArrival(int slot, int bytesEach)
    {
        ref readonly BatchHeader header = ref _headers[slot];
        int bytes = (int)header.ReceivedBytes;
        Invariant.Require(bytes <= bytesEach, "the kernel writes no further than the slab");
        int nameBytes = (int)Math.Min(header.Message.NameBytes, NameBytes), controlBytes = (int)Math.Min(header.Message.ControlBytes, ControlBytes);
        int segmentBytes = ReadControls(_controls.AsSpan(slot * ControlBytes, controlBytes));
        if (segmentBytes <= 0 || segmentBytes > bytes) segmentBytes = bytes;
        return new UdpArrival(
            bytes, segmentBytes, SocketAddressCodec.Read(_names.AsSpan(slot * NameBytes, nameBytes)),
            (header.Message.Flags & Libc.MSG_TRUNC) != 0);
    }

    /// <summary>Reads the control messages of a slab: the segment size, or 0 if there is none.</summary>
    private static int ReadControls(ReadOnlySpan<byte> controls)
    {
        const int HeaderBytes = 16, Alignment = 8;
        int segmentBytes = 0;
        while (controls.Length >= HeaderBytes + sizeof(int))
        {
            ulong lengthBytes = BinaryPrimitives.ReadUInt64LittleEndian(controls);
            if (lengthBytes < HeaderBytes + sizeof(int) || lengthBytes > (ulong)controls.Length) break;
            int level = BinaryPrimitives.ReadInt32LittleEndian(controls[8..]), type = BinaryPrimitives.ReadInt32LittleEndian(controls[12..]);
            ReadOnlySpan<byte> value = controls[HeaderBytes..];
            if (level == Libc.SOL_UDP && type == Libc.UDP_GRO) segmentBytes = BinaryPrimitives.ReadInt32LittleEndian(value);
            int stepBytes = ((int)lengthBytes + Alignment - 1) / Alignment * Alignment;
            if (stepBytes >= controls.Length) break;
            controls = controls[stepBytes..];
        }

        return segmentBytes;
    }

    private unsafe void PointHeaders()
    {
        // SAFETY: the arrays are pinned and live as long as this object, which holds them and is their only user.
        var vectors = (IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, 0);
        var names = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_names, 0);
        var controls = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, 0);
        Debug.Assert((nint)vectors % sizeof(nint) == 0 && (nint)controls % sizeof(nint) == 0, "the kernel's structs lie aligned");
        for (int i = 0; i < _headers.Length; i++)
        {
            ref MessageHeader message = ref _headers[i].Message;
            message.Vectors = vectors + i;
            message.VectorCount = 1;
            message.Name = names + (i * NameBytes);
            message.Control = controls + (i * ControlBytes);
        }
    }
}
