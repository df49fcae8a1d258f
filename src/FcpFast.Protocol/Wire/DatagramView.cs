using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>A datagram's envelope, unproven.</summary>
/// <remarks>Source: [WIRE §6]. Owns nothing; no allocation.</remarks>
public readonly ref struct DatagramView
{
    private readonly ReadOnlySpan<byte> _datagram;

    private DatagramView(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>The session that it claims.</summary>
    public SessionId SessionId => new(Bytes16.Read(_datagram));

    /// <summary>Its sequence number.</summary>
    public FrameSeq Seq => new(BinaryPrimitives.ReadUInt64LittleEndian(_datagram[DatagramLayout.SeqOffset..]));

    /// <summary>Its MAC.</summary>
    public ReadOnlySpan<byte> Mac => _datagram.Slice(DatagramLayout.MacOffset, CryptoSizes.MacBytes);

    /// <summary>The frame; may be empty here.</summary>
    public ReadOnlySpan<byte> Frame => _datagram[DatagramLayout.HeaderBytes..];

    /// <summary>Checks the length.</summary>
    /// <param name="datagram">The whole UDP payload.</param>
    /// <param name="limitBytes">The longest payload taken.</param>
    /// <param name="view">The view, if accepted.</param>
    /// <remarks>Errors: <c>DatagramTooShort</c>, <c>DatagramTooLarge</c>.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> datagram, int limitBytes, out DatagramView view)
    {
        view = default;
        if (datagram.Length < DatagramLayout.HeaderBytes) return FcpStatus.DatagramTooShort;
        if (datagram.Length > limitBytes) return FcpStatus.DatagramTooLarge;
        view = new DatagramView(datagram);
        return FcpStatus.Accepted;
    }

    /// <summary>Parses the frame and holds its number against the envelope's (D11); both are what a sender's MAC covers.</summary>
    /// <remarks>Errors: those of <see cref="FrameView.Parse"/>, then <c>SeqMismatch</c>. Cost: O(1). Source: [WIRE §6].</remarks>
    public FcpStatus ParseFrame(out FrameView frame)
    {
        FcpStatus status = FrameView.Parse(Frame, WireLimits.FrameBytesMax, out frame);
        if (status != FcpStatus.Accepted || frame.Seq == Seq) return status;
        frame = default;
        return FcpStatus.SeqMismatch;
    }
}
