using System;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Bench.Frames;

/// <summary>Makes frames that name a live session and are of nobody.</summary>
internal static class Forgery
{
    /// <summary>Makes a datagram one of a stream that is not known: it passes every check that is cheaper than its MAC, and fails there.</summary>
    public static void Make(Span<byte> datagram)
    {
        Span<byte> frame = datagram[DatagramLayout.HeaderBytes..];
        FcpsHeader.Parse(frame, out FcpsHeader header);
        (header with { Instance = new SenderInstanceId(~header.Instance.Value) }).Write(frame);
    }
}
