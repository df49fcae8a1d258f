using System;
using System.IO;
using FcpFast.Interop.Foreign;

namespace FcpFast.Native.Tests;

/// <summary>The border to C: no exception passes it, texts fit or say what they need.</summary>
public sealed class CallTests
{
    private readonly nint _memory = ForeignMemory.Immortal(new string('x', 63)); // 64 bytes that C would own

    [Fact]
    public void Run_OfWhatThrows_ReturnsAResultAndKeepsTheReason()
    {
        Assert.Equal((int)FcpResult.NotDone, Call.Run(static () => throw new IOException("the disk is gone")));
        Assert.Equal("the disk is gone", LastError());
        Assert.Equal((int)FcpResult.InvalidArgument, Call.Run(static () => throw new ArgumentException("two faults")));
        Assert.Equal("two faults", LastError());
        Assert.Equal((int)FcpResult.Closed, Call.Run(static () => throw new ObjectDisposedException("endpoint")));
        Assert.Equal((int)FcpResult.NotDone, Call.Run(static () => throw new AggregateException(new IOException("inner"))));
        Assert.Equal("inner", LastError());
        Assert.Equal((int)FcpResult.NotDone, Call.Run(static () => throw new OverflowException("far too much")));
        Assert.Equal("OverflowException: far too much", LastError());
    }

    [Fact]
    public void CopyText_IntoEnough_EndsInAZeroByteAndTouchesNothingBehind()
    {
        nint needed = ForeignMemory.Immortal(new string('x', 8));
        Assert.Equal(FcpResult.Ok, Call.CopyText("grün", _memory, 6, needed));
        Assert.True(ForeignMemory.TryReadText(_memory, 63, out string? text));
        Assert.Equal("grün", text);
        Assert.True(ForeignMemory.TryGet(needed, out nuint bytes));
        Assert.Equal((nuint)6, bytes);
        Assert.True(ForeignMemory.TryRead(_memory + 6, 57, out ReadOnlySpan<byte> behind));
        Assert.Equal(-1, behind.IndexOfAnyExcept((byte)'x'));
    }

    [Fact]
    public void CopyText_IntoTooLittle_LeavesAnEmptyText()
    {
        Assert.Equal(FcpResult.TooSmall, Call.CopyText("grün", _memory, 5, 0));
        Assert.True(ForeignMemory.TryReadText(_memory, 63, out string? text));
        Assert.Equal("", text);
        Assert.Equal(FcpResult.TooSmall, Call.CopyText("grün", 0, 0, 0));
        Assert.Equal(FcpResult.InvalidArgument, Call.CopyText("grün", 0, 64, 0));
    }

    [Fact]
    public void TryReadText_OfWhatIsNone_IsFalse()
    {
        Assert.False(ForeignMemory.TryReadText(0, 63, out _));
        Assert.False(ForeignMemory.TryReadText(_memory, 62, out _)); // longer than allowed
        Assert.True(ForeignMemory.TryWrite(_memory, 2, out Span<byte> bytes));
        bytes[0] = 0xC3; // a first byte of two, and no second
        Assert.False(ForeignMemory.TryReadText(_memory, 63, out _));
    }

    [Fact]
    public void TryWrite_OfLengthsThatNoSpanHas_IsFalse()
    {
        Assert.False(ForeignMemory.TryWrite(_memory, (nuint)int.MaxValue + 1, out _));
        Assert.False(ForeignMemory.TryWrite(0, 1, out _));
        Assert.True(ForeignMemory.TryWrite(0, 0, out Span<byte> none));
        Assert.True(none.IsEmpty);
    }

    private static string LastError()
    {
        nint memory = ForeignMemory.Immortal(new string('x', 255));
        Assert.Equal(FcpResult.Ok, Call.CopyLastError(memory, 256));
        Assert.True(ForeignMemory.TryReadText(memory, 255, out string? text));
        return text;
    }
}
