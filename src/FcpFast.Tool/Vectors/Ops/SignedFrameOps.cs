using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The signed frames of the family symbol_control. [WIRE §16.7]</summary>
internal static class SignedFrameOps
{
    public static void Add(Dictionary<string, VectorOp> ops)
    {
        ops["signed_frame_transcript"] = Transcript;
        ops["signed_frame_decode"] = Decode;
    }

    private static VectorResult Transcript(VectorInputs inputs)
    {
        byte[] sourceId = Encoding.UTF8.GetBytes(inputs.Text("source_id"));
        return new VectorResult().Bytes("transcript", SignedFrameView.Transcript(sourceId, inputs.ULong("timestamp"), inputs.Bytes("frame")));
    }

    /// <summary>The envelope, then the frame in it: both decode for diagnosis.</summary>
    private static VectorResult Decode(VectorInputs inputs)
    {
        int limit = inputs.Int("limit");
        FcpStatus status = SignedFrameView.Parse(inputs.Bytes("bytes"), limit, out SignedFrameView view);
        FrameView frame = default;
        if (status == FcpStatus.Accepted) status = FrameView.Parse(view.Frame, limit, out frame);
        if (status == FcpStatus.Accepted) status = frame.CheckEsis();
        return status == FcpStatus.Accepted
            ? new VectorResult()
                .Text("source_id", Encoding.UTF8.GetString(view.SourceId))
                .Number64("timestamp", view.TimestampUnixSeconds)
                .Bytes("signature", view.Signature)
            : VectorResult.Refused(status);
    }
}
