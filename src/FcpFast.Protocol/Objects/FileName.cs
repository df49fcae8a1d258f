using System;
using System.Text.Unicode;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>What a file may be called: one path component that names something below the folder it is put into.</summary>
/// <remarks>
/// Shape:  1 to 255 bytes of UTF-8; neither slash nor backslash, no control character (C0, DEL, C1), not <c>.</c> or <c>..</c>.
///         Names that only one system finds special (<c>NUL</c>, <c>a:b</c>) are left to the code that makes files there.
/// Source: [WIRE §16.9].
/// </remarks>
public static class FileName
{
    private const byte Delete = 0x7F;
    private const byte Space = 0x20;
    private const byte C1Lead = 0xC2; // U+0080 to U+009F are C2 80 to C2 9F
    private const byte C1Last = 0x9F;

    /// <summary>Judges a name; <c>InvalidName</c> for any other.</summary>
    public static FcpStatus Check(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > ObjectLimits.FileNameBytesMax || !Utf8.IsValid(utf8)) return FcpStatus.InvalidName;
        if (utf8.SequenceEqual("."u8) || utf8.SequenceEqual(".."u8)) return FcpStatus.InvalidName;
        for (int i = 0; i < utf8.Length; i++)
        {
            byte value = utf8[i];
            if (value is < Space or Delete or (byte)'/' or (byte)'\\') return FcpStatus.InvalidName;
            if (value == C1Lead && utf8[i + 1] <= C1Last) return FcpStatus.InvalidName; // valid UTF-8: a second byte follows
        }

        return FcpStatus.Accepted;
    }
}
