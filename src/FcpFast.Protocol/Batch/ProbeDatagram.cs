using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Batch;

/// <summary>A frame without symbols that asks for nothing but its echo: it opens a NAT and confirms a path.</summary>
/// <remarks>Source: [WIRE §8] (Probe).</remarks>
public static class ProbeDatagram
{
    /// <summary>Bytes of a probe.</summary>
    public const int Bytes = DatagramLayout.HeaderBytes + FcpsLayout.HeaderBytes;

    /// <summary>Writes a probe or its echo.</summary>
    /// <param name="mac">The MAC engine.</param>
    /// <param name="session">The session.</param>
    /// <param name="id">Drawn at random for a probe; the probe's own for an echo.</param>
    /// <param name="instance">An instance of its own, drawn for probes.</param>
    /// <param name="seq">Taken for this probe.</param>
    /// <param name="isEcho">True for the answer.</param>
    /// <param name="datagram">At least <see cref="Bytes"/>.</param>
    /// <returns><c>Accepted</c> or <c>MustRekey</c>.</returns>
    public static FcpStatus Write(
        IMacEngine mac, PeerSession session, ObjectId id, SenderInstanceId instance, FrameSeq seq, bool isEcho, Span<byte> datagram)
    {
        ArgumentNullException.ThrowIfNull(mac);
        ArgumentNullException.ThrowIfNull(session);
        if (!session.CanSend) return FcpStatus.MustRekey;
        using KeyLease key = session.SendMacKey.Lease();
        if (!key.IsLive) return FcpStatus.MustRekey;
        FrameFlags flags = isEcho ? FrameFlags.ControlPlane | FrameFlags.Response : FrameFlags.ControlPlane;
        var header = new FcpsHeader(flags, 0, 0, id, WireLimits.SymbolBytesMin, default, default, default, instance, seq);
        header.Write(datagram[DatagramLayout.HeaderBytes..]);
        DatagramWriter.WriteMacPrefix(datagram, session.Id, session.SendDirection, seq);
        Span<byte> code = stackalloc byte[CryptoSizes.MacBytes];
        var item = new MacItem(DatagramLayout.MacInputOffset, Bytes - DatagramLayout.MacInputOffset);
        mac.Compute(session.Suite, key.Bytes, datagram, new ReadOnlySpan<MacItem>(in item), code);
        DatagramWriter.WriteHeader(datagram, session.Id, seq, code);
        return FcpStatus.Accepted;
    }
}
