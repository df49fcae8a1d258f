using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family datagram. [WIRE §6]</summary>
internal static class DatagramOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["datagram_encode"] = Encode;
        ops["datagram_decode"] = Decode;
        ops["session_mac"] = inputs => Seal(inputs, crypto.Mac);
        ops["datagram_seal"] = inputs => Seal(inputs, crypto.Mac);
        ops["datagram_open"] = inputs => Open(inputs, crypto.Mac);
        ops["mtu_symbol_size"] = static inputs =>
            new VectorResult().Number("symbol_size", DatagramSizing.SymbolBytes(inputs.Int("max_datagram"), inputs.Int("symbols")));
    }

    /// <summary>The direction that the vectors call by this name.</summary>
    public static Direction Direction(VectorInputs inputs) => inputs.Text("direction") switch
    {
        "i2r" => Protocol.Wire.Direction.InitiatorToResponder,
        "r2i" => Protocol.Wire.Direction.ResponderToInitiator,
        string name => throw new VectorFormatException($"unknown direction '{name}'"),
    };

    /// <summary>The session that the case is in.</summary>
    public static SessionId Session(VectorInputs inputs) => new(Bytes16.Read(inputs.Bytes("session_id")));

    private static VectorResult Encode(VectorInputs inputs)
    {
        byte[] datagram = Room(inputs);
        DatagramWriter.WriteHeader(datagram, Session(inputs), new FrameSeq(inputs.ULong("seq")), inputs.Bytes("mac"));
        return new VectorResult().Bytes("bytes", datagram);
    }

    private static VectorResult Decode(VectorInputs inputs)
    {
        FcpStatus status = DatagramView.Parse(inputs.Bytes("bytes"), inputs.Int("limit"), out DatagramView view);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Text("session_id", view.SessionId.ToString())
            .Number64("seq", view.Seq.Value)
            .Bytes("mac", view.Mac)
            .Bytes("frame", view.Frame);
    }

    private static VectorResult Seal(VectorInputs inputs, IMacEngine engine)
    {
        FcpStatus status = PrepareKey(inputs, engine, out MacSuite suite, out byte[] key);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] datagram = Room(inputs);
        DatagramMac.Seal(engine, suite, key, Session(inputs), Direction(inputs), new FrameSeq(inputs.ULong("seq")), datagram);
        DatagramView.Parse(datagram, datagram.Length, out DatagramView view);
        return new VectorResult().Bytes("mac", view.Mac).Bytes("bytes", datagram);
    }

    private static VectorResult Open(VectorInputs inputs, IMacEngine engine)
    {
        byte[] datagram = inputs.Bytes("bytes");
        FcpStatus status = DatagramView.Parse(datagram, inputs.Int("limit"), out DatagramView view);
        if (status == FcpStatus.Accepted && inputs.Flag("check_frame")) status = view.ParseFrame(out _);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = PrepareKey(inputs, engine, out MacSuite suite, out byte[] key);
        if (status == FcpStatus.Accepted) status = DatagramMac.Verify(engine, suite, key, Direction(inputs), datagram);
        return status == FcpStatus.Accepted
            ? new VectorResult().Number64("seq", view.Seq.Value).Bytes("frame", view.Frame)
            : VectorResult.Refused(status);
    }

    private static FcpStatus PrepareKey(VectorInputs inputs, IMacEngine engine, out MacSuite suite, out byte[] prepared)
    {
        prepared = [];
        FcpStatus status = SessionRules.ParseSuite(inputs.ULong("suite"), out suite);
        if (status != FcpStatus.Accepted) return status;
        byte[] key = inputs.Bytes("key");
        if (key.Length != CryptoSizes.KeyBytes) return FcpStatus.InvalidMacKeyLength;
        prepared = new byte[engine.PreparedKeyBytes(suite)];
        engine.PrepareKey(suite, key, prepared);
        return FcpStatus.Accepted;
    }

    private static byte[] Room(VectorInputs inputs) => [.. new byte[DatagramLayout.HeaderBytes], .. inputs.Bytes("frame")];
}
