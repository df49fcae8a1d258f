using System;

namespace FcpFast.Mls.Codec;

/// <summary>Whole structures from bytes and back.</summary>
internal static class MlsCodec
{
    /// <summary>The longest message that is looked at: a Welcome of 10,000 members with their tree is shorter.</summary>
    public const int MessageBytesMax = 16 * 1024 * 1024;

    /// <summary>Reads one structure that takes all of <paramref name="bytes"/>.</summary>
    public static MlsStatus Decode<T>(ReadOnlySpan<byte> bytes, out T value)
        where T : IMlsStruct<T>
    {
        if (bytes.Length > MessageBytesMax)
        {
            value = default!;
            return MlsStatus.TooLarge;
        }

        var reader = new MlsReader(bytes);
        value = T.Read(ref reader);
        if (!reader.IsEmpty) reader.Break();
        return reader.Status;
    }

    /// <summary>The bytes of a structure.</summary>
    public static byte[] ToBytes<T>(this T value)
        where T : IMlsWritable
    {
        using var writer = new MlsWriter();
        value.Write(writer);
        return writer.ToArray();
    }
}
