using System;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>One extension. A list has none twice.</summary>
/// <remarks>Source: [RFC 9420 §7.2], [RFC 9420 §13.4].</remarks>
internal sealed record MlsExtension(ushort Type, byte[] Data) : IMlsStruct<MlsExtension>
{
    /// <summary>More are refused: the search for equal types is quadratic.</summary>
    private const uint ListMax = 256;

    public static MlsExtension Read(ref MlsReader reader) => new(reader.U16(), reader.Bytes());

    public static MlsExtension[] ReadList(ref MlsReader reader)
    {
        MlsExtension[] list = reader.List(Read, ListMax);
        for (int i = 0; i < list.Length && !reader.IsBroken; i++)
        {
            if (Array.FindIndex(list, i + 1, other => other.Type == list[i].Type) >= 0) reader.Break();
        }

        return list;
    }

    /// <summary>The extension of a type; null if the list has none.</summary>
    public static MlsExtension? Find(MlsExtension[] list, ushort type) => Array.Find(list, extension => extension.Type == type);

    /// <summary>Bytes of a list's data.</summary>
    public static int BytesOf(MlsExtension[] list)
    {
        int bytes = 0;
        foreach (MlsExtension extension in list) bytes = checked(bytes + extension.Data.Length);
        return bytes;
    }

    public void Write(MlsWriter writer)
    {
        writer.U16(Type);
        writer.Vector(Data);
    }
}
