using System;
using System.IO;
using System.Text;
using FcpFast.Interop.Foreign;

namespace FcpFast.Native;

/// <summary>The border to C: nothing is thrown across it, and the reason of a failure stays on the thread that made it.</summary>
internal static class Call
{
    [ThreadStatic]
    private static string? _lastError;

    /// <summary>Runs an export.</summary>
    public static int Run(Func<FcpResult> body)
    {
        try
        {
            return (int)body();
        }
#pragma warning disable CA1031 // an exception that reached C would end its process
        catch (Exception e)
        {
            return (int)Fail(e is AggregateException { InnerException: { } inner } ? inner : e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Notes why something was refused.</summary>
    public static FcpResult Refuse(FcpResult result, string why)
    {
        _lastError = why;
        return result;
    }

    /// <summary>Copies the reason of this thread's last failure.</summary>
    public static FcpResult CopyLastError(nint text, nuint capacity) => CopyText(_lastError ?? "", text, capacity, 0);

    /// <summary>Copies a text with a zero byte behind it, and says how many bytes that takes.</summary>
    public static FcpResult CopyText(string text, nint into, nuint capacity, nint needed)
    {
        int bytes = Encoding.UTF8.GetByteCount(text) + 1;
        if (needed != 0) ForeignMemory.TrySet(needed, (nuint)bytes);
        if (!ForeignMemory.TryWrite(into, capacity, out Span<byte> memory) && capacity > 0) return FcpResult.InvalidArgument;
        if (memory.Length < bytes)
        {
            if (!memory.IsEmpty) memory[0] = 0;
            return FcpResult.TooSmall;
        }

        Encoding.UTF8.GetBytes(text, memory);
        memory[bytes - 1] = 0;
        return FcpResult.Ok;
    }

    private static FcpResult Fail(Exception e) => e switch
    {
        ObjectDisposedException => Refuse(FcpResult.Closed, "it was closed"),
        ArgumentException => Refuse(FcpResult.InvalidArgument, e.Message),
        IOException or UnauthorizedAccessException or InvalidOperationException or PlatformNotSupportedException => Refuse(FcpResult.NotDone, e.Message),
        _ => Refuse(FcpResult.NotDone, $"{e.GetType().Name}: {e.Message}"),
    };
}
