using System;
using FcpFast.Mls;
using FcpFast.Mls.Codec;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats.Mls;

/// <summary>Reading and comparing what several judges of MLS need.</summary>
internal static class MlsExpect
{
    /// <summary>A structure that must be read whole.</summary>
    public static T Decode<T>(byte[] bytes)
        where T : IMlsStruct<T>
    {
        MlsStatus status = MlsCodec.Decode(bytes, out T value);
        return status == MlsStatus.Accepted ? value : throw new VectorFormatException($"a {typeof(T).Name} does not decode: {status}");
    }

    public static string? Same(VectorInputs inputs, string name, ReadOnlySpan<byte> found) =>
        VectorComparison.Difference(name, inputs.Text(name), found);

    public static string? Same(VectorInputs inputs, string name, SecretKey found)
    {
        using KeyLease lease = found.Lease();
        return Same(inputs, name, lease.Bytes);
    }

    public static string? Accepted(string what, MlsVerdict verdict) => verdict.IsAccepted ? null : $"{what}: {verdict}";
}
