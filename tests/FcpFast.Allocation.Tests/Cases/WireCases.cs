using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>Parsing and writing what travels.</summary>
internal static class WireCases
{
    public static Action ParseFrame() => Parse(Datagram(1, 1024, descending: false));

    public static Action ParseDescendingFrame() => Parse(Datagram(256, 256, descending: true));

    public static Action ParseFcpc()
    {
        byte[] frame = new byte[200];
        new FcpcHeader(default, new FrameSeq(1), FcpcFlags.Encrypted, 148).Write(frame);
        return () => Expect(FcpcHeader.ParseFrame(frame, 1000, out _));
    }

    public static Action WriteHeaders()
    {
        byte[] datagram = new byte[1200], mac = new byte[16];
        return () =>
        {
            var header = new FcpsHeader(FrameFlags.Default, 1, 1046, default, 1024, default, default, default, default, new FrameSeq(9));
            Expect(FrameWriter.WriteHeader(datagram.AsSpan(40), header));
            FrameWriter.WriteRecordHead(datagram.AsSpan(154), 1, 2);
            DatagramWriter.WriteMacPrefix(datagram, default, Direction.InitiatorToResponder, new FrameSeq(9));
            DatagramWriter.WriteHeader(datagram, default, new FrameSeq(9), mac);
        };
    }

    /// <summary>A status that is not success is a fault of the case itself.</summary>
    internal static void Expect(FcpStatus status)
    {
        if (status != FcpStatus.Accepted) throw new InvalidOperationException(FcpStatusNames.NameOf(status));
    }

    private static Action Parse(byte[] datagram) => () =>
    {
        Expect(DatagramView.Parse(datagram, datagram.Length, out DatagramView envelope));
        Expect(FrameView.Parse(envelope.Frame, WireLimits.FrameBytesMax, out FrameView frame));
        Expect(frame.CheckPolicy());
        Expect(frame.CheckEsis());
        if (frame.Seq != envelope.Seq || frame.Record(0).Data.Length != frame.SymbolBytes) throw new InvalidOperationException("another frame");
    };

    private static byte[] Datagram(int symbols, int symbolBytes, bool descending)
    {
        byte[] datagram = new byte[DatagramLayout.HeaderBytes + FrameWriter.FrameBytes(symbols, symbolBytes)];
        uint payload = (uint)(symbols * (symbolBytes + FcpsLayout.RecordOverheadBytes));
        var header = new FcpsHeader(
            FrameFlags.Default, (uint)symbols, payload, default, (ushort)symbolBytes, default, default, default, default, new FrameSeq(7));
        Span<byte> frame = datagram.AsSpan(DatagramLayout.HeaderBytes);
        Expect(FrameWriter.WriteHeader(frame, header));
        for (int i = 0; i < symbols; i++)
        {
            int at = FcpsLayout.HeaderBytes + (i * (symbolBytes + FcpsLayout.RecordOverheadBytes));
            FrameWriter.WriteRecordHead(frame[at..], (uint)(descending ? symbols - i : i), 9);
        }

        DatagramWriter.WriteHeader(datagram, default, new FrameSeq(7), new byte[16]);
        return datagram;
    }
}
