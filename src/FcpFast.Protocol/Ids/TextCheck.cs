using System;
using System.Text;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Ids;

/// <summary>Applies a check over UTF-8 bytes to .NET text, so that each grammar stands once.</summary>
internal static class TextCheck
{
    public delegate FcpStatus ByteCheck(ReadOnlySpan<byte> utf8);

    /// <summary>Runs <paramref name="check"/> over the UTF-8 form of <paramref name="text"/>.</summary>
    public static FcpStatus Check(string text, ByteCheck check)
    {
        ArgumentNullException.ThrowIfNull(text);
        return check(Encoding.UTF8.GetBytes(text));
    }
}
