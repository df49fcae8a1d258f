using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace FcpFast.Interop.Foreign;

/// <summary>Memory of a C program that calls this one, as spans for the length of the call.</summary>
/// <remarks>
/// Shape:   what C says of its memory cannot be checked but for null and length; that it is right is the caller's side of the contract in <c>fcpfast.h</c>.
/// Errors:  false for null where bytes are meant, and for lengths that no span has.
/// Threads: any; the caller must not touch the memory meanwhile.
/// </remarks>
public static unsafe class ForeignMemory
{
    private static readonly List<byte[]> Kept = [];

    /// <summary>Bytes that are read.</summary>
    public static bool TryRead(nint address, nuint count, out ReadOnlySpan<byte> bytes)
    {
        bool isUsable = TryWrite(address, count, out Span<byte> writable);
        bytes = writable;
        return isUsable;
    }

    /// <summary>Bytes that are written.</summary>
    public static bool TryWrite(nint address, nuint count, out Span<byte> bytes)
    {
        bytes = default;
        if (count > int.MaxValue || (address == 0 && count > 0)) return false;
        // SAFETY: the caller owns count bytes at this address until its call returns (fcpfast.h), and the span does not outlive the call.
        bytes = new Span<byte>((void*)address, (int)count);
        return true;
    }

    /// <summary>A text that ends in a zero byte; false for null, for one longer than allowed and for what is no UTF-8.</summary>
    public static bool TryReadText(nint address, int bytesMax, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (address == 0) return false;
        // SAFETY: the caller's text ends in a zero byte (fcpfast.h); nothing behind that or behind the bound is read.
        byte* start = (byte*)address;
        int length = 0;
        while (length <= bytesMax && start[length] != 0) length++;
        if (length > bytesMax) return false;
        var bytes = new ReadOnlySpan<byte>(start, length);
        if (!Utf8.IsValid(bytes)) return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }

    /// <summary>Writes a number where C has said; false for null.</summary>
    public static bool TrySet<T>(nint address, T value)
        where T : unmanaged
    {
        if (address == 0) return false;
        // SAFETY: the caller owns a T at this address (fcpfast.h); it may be unaligned.
        new Span<byte>(&value, sizeof(T)).CopyTo(new Span<byte>((void*)address, sizeof(T)));
        return true;
    }

    /// <summary>Copies a struct of C; false for null.</summary>
    public static bool TryGet<T>(nint address, out T value)
        where T : unmanaged
    {
        value = default;
        if (address == 0) return false;
        T copy;
        // SAFETY: the caller owns a T at this address (fcpfast.h); it may be unaligned.
        new Span<byte>((void*)address, sizeof(T)).CopyTo(new Span<byte>(&copy, sizeof(T)));
        value = copy;
        return true;
    }

    /// <summary>Bytes of a struct as C lays it out.</summary>
    public static int SizeOf<T>()
        where T : unmanaged => sizeof(T); // SAFETY: a size only

    /// <summary>A text that C may keep for as long as the process lives, ended by a zero byte.</summary>
    public static nint Immortal(string text)
    {
        byte[] bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, bytes);
        lock (Kept) Kept.Add(bytes);

        // SAFETY: pinned where it was allocated, and kept for ever by the list.
        fixed (byte* address = bytes) return (nint)address;
    }
}
