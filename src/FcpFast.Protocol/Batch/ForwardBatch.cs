using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Batch;

/// <summary>The way through a relay: verified frames get the next hop's envelope and MAC, in place; the frames themselves stay as they are.</summary>
/// <typeparam name="TMac">The MAC engine.</typeparam>
/// <remarks>
/// Shape:   gather slots of one verified batch, write them for a session, send the runs; the same slots may be written for another session
///          afterwards, since only the 40 bytes before each frame change.
/// Errors:  a status; then nothing is written.
/// Threads: one user at a time.
/// Cost:    one MAC call a session, no copy, no allocation.
/// Source:  [DESIGN §1] (relay), [WIRE §6], [REPLAY §1] (a relay cannot change a frame).
/// </remarks>
public sealed class ForwardBatch<TMac>
    where TMac : struct, IMacEngine
{
    private readonly FrameSlot[] _slots = new FrameSlot[BatchLimits.FramesMax];
    private readonly MacItem[] _items = new MacItem[BatchLimits.FramesMax];
    private readonly byte[] _macs = new byte[BatchLimits.FramesMax * CryptoSizes.MacBytes];
    private readonly TMac _mac;
    private int _longestBytes;
    private int _next;

    /// <summary>Makes a batch for one shard.</summary>
    public ForwardBatch(TMac mac = default) => _mac = mac;

    /// <summary>Frames gathered.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets what was gathered.</summary>
    public void Begin()
    {
        Count = 0;
        _longestBytes = 0;
    }

    /// <summary>Gathers a frame that has verified; in the order of the slab.</summary>
    public void Add(in FrameSlot slot)
    {
        if (slot.Status != FcpStatus.Accepted || slot.IsProbe) ThrowHelper.BadArgument(nameof(slot), "only verified frames are passed on, and no probes");
        _slots[Count] = slot;
        _longestBytes = Math.Max(_longestBytes, DatagramLayout.HeaderBytes + slot.FrameBytes);
        Count++;
    }

    /// <summary>Puts the envelope of a session before each gathered frame.</summary>
    /// <param name="session">The next hop.</param>
    /// <param name="slab">The slab of the verified batch.</param>
    /// <returns>
    /// <c>Accepted</c>; <c>MustRekey</c> if nothing may be sent on the session, <c>DatagramTooLarge</c> if the next hop does not take the longest
    /// of them: then the slab is as it was.
    /// </returns>
    public FcpStatus Write(PeerSession session, Span<byte> slab)
    {
        ArgumentNullException.ThrowIfNull(session);
        _next = 0;
        using KeyLease key = session.SendMacKey.Lease();
        if (!session.CanSend || !key.IsLive) return FcpStatus.MustRekey;
        if (_longestBytes > session.Parameters.DatagramBytesMax) return FcpStatus.DatagramTooLarge;
        long bytes = 0;
        for (int i = 0; i < Count; i++)
        {
            ref readonly FrameSlot slot = ref _slots[i];
            int offset = slot.FrameOffset - DatagramLayout.HeaderBytes;
            DatagramWriter.WriteMacPrefix(slab[offset..], session.Id, session.SendDirection, slot.Seq);
            _items[i] = new MacItem(offset + DatagramLayout.MacInputOffset, DatagramLayout.MacPrefixBytes + slot.FrameBytes);
            bytes += slot.FrameBytes;
        }

        Span<byte> macs = _macs.AsSpan(0, Count * CryptoSizes.MacBytes);
        _mac.Compute(session.Suite, key.Bytes, slab, _items.AsSpan(0, Count), macs);
        for (int i = 0; i < Count; i++)
        {
            ref readonly FrameSlot slot = ref _slots[i];
            DatagramWriter.WriteHeader(
                slab[(slot.FrameOffset - DatagramLayout.HeaderBytes)..], session.Id, slot.Seq, macs.Slice(i * CryptoSizes.MacBytes, CryptoSizes.MacBytes));
        }

        session.CountSent(Count, bytes);
        return FcpStatus.Accepted;
    }

    /// <summary>The next run of written datagrams that lie side by side and are of one size, but for the last.</summary>
    /// <param name="offset">Where it starts in the slab.</param>
    /// <param name="bytes">Its bytes; 0 if there is none left.</param>
    /// <param name="datagramBytes">Bytes of each datagram.</param>
    public bool TryTakeRun(out int offset, out int bytes, out int datagramBytes)
    {
        offset = 0;
        bytes = 0;
        datagramBytes = 0;
        while (_next < Count)
        {
            int start = _slots[_next].FrameOffset - DatagramLayout.HeaderBytes, size = _slots[_next].FrameBytes + DatagramLayout.HeaderBytes;
            if (bytes == 0)
            {
                offset = start;
                datagramBytes = size;
            }
            else if (start != offset + bytes || size > datagramBytes)
            {
                break;
            }

            bytes += size;
            _next++;
            if (size < datagramBytes) break; // nothing follows a shorter one
        }

        return bytes > 0;
    }
}
