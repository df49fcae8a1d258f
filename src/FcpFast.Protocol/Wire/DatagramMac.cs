using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>The session MAC of one datagram, made and verified in place.</summary>
/// <remarks>
/// Shape:   the frame stands at offset 40; the header's memory serves as the MAC input's prefix meanwhile (<see cref="DatagramLayout"/>).
/// Threads: stateless; the datagram belongs to the caller for the length of the call, since it changes meanwhile.
/// Cost:    one MAC, no copy of the frame, no allocation. For many datagrams there are batches.
/// Source:  [WIRE §6].
/// </remarks>
public static class DatagramMac
{
    /// <summary>Writes the header, with its MAC, before the frame.</summary>
    /// <param name="engine">The MAC engine.</param>
    /// <param name="suite">The session's suite.</param>
    /// <param name="preparedKey">The direction's MAC key, as <see cref="IMacEngine.PrepareKey"/> made it.</param>
    /// <param name="session">The session.</param>
    /// <param name="direction">Who sends.</param>
    /// <param name="seq">The number, equal to the frame's.</param>
    /// <param name="datagram">40 bytes of room and the frame.</param>
    public static void Seal(
        IMacEngine engine, MacSuite suite, ReadOnlySpan<byte> preparedKey, SessionId session, Direction direction, FrameSeq seq,
        Span<byte> datagram)
    {
        RequireHeader(datagram);
        Span<byte> mac = stackalloc byte[CryptoSizes.MacBytes];
        Compute(engine, suite, preparedKey, session, direction, seq, datagram, mac);
        DatagramWriter.WriteHeader(datagram, session, seq, mac);
    }

    /// <summary>Verifies the MAC in constant time; the datagram is afterwards as it was.</summary>
    /// <param name="engine">The MAC engine.</param>
    /// <param name="suite">The session's suite.</param>
    /// <param name="preparedKey">The direction's MAC key, prepared.</param>
    /// <param name="direction">Who sent.</param>
    /// <param name="datagram">The whole datagram, its length checked by <see cref="DatagramView.Parse"/>.</param>
    /// <remarks>Errors: <c>InvalidSignature</c>.</remarks>
    public static FcpStatus Verify(
        IMacEngine engine, MacSuite suite, ReadOnlySpan<byte> preparedKey, Direction direction, Span<byte> datagram)
    {
        RequireHeader(datagram);
        Span<byte> header = stackalloc byte[DatagramLayout.HeaderBytes];
        datagram[..DatagramLayout.HeaderBytes].CopyTo(header);
        DatagramView.Parse(header, header.Length, out DatagramView view);
        Span<byte> mac = stackalloc byte[CryptoSizes.MacBytes];
        Compute(engine, suite, preparedKey, view.SessionId, direction, view.Seq, datagram, mac);
        header.CopyTo(datagram);
        bool equal = ConstantTime.AreEqual16(mac, view.Mac);
        CryptographicOperations.ZeroMemory(mac); // the right MAC of a datagram that did not have it
        return equal ? FcpStatus.Accepted : FcpStatus.InvalidSignature;
    }

    private static void Compute(
        IMacEngine engine, MacSuite suite, ReadOnlySpan<byte> preparedKey, SessionId session, Direction direction, FrameSeq seq,
        Span<byte> datagram, Span<byte> mac)
    {
        ArgumentNullException.ThrowIfNull(engine);
        DatagramWriter.WriteMacPrefix(datagram, session, direction, seq);
        var item = new MacItem(DatagramLayout.MacInputOffset, datagram.Length - DatagramLayout.MacInputOffset);
        engine.Compute(suite, preparedKey, datagram, new ReadOnlySpan<MacItem>(in item), mac);
    }

    private static void RequireHeader(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < DatagramLayout.HeaderBytes) ThrowHelper.BadArgument(nameof(datagram), "40 bytes of header, then the frame");
    }
}
