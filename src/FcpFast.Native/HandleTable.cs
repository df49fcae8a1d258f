using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace FcpFast.Native;

/// <summary>What C holds by a number.</summary>
/// <remarks>
/// Shape:   numbers are never used twice, so one that was released is refused, whatever was made since.
/// Threads: any.
/// </remarks>
internal static class HandleTable
{
    private static readonly ConcurrentDictionary<ulong, object> Held = new();
    private static ulong _last;

    /// <summary>Gives a number to an object.</summary>
    public static ulong Add(object held)
    {
        ulong handle = Interlocked.Increment(ref _last);
        Held[handle] = held;
        return handle;
    }

    /// <summary>The object of a number, if it has that kind.</summary>
    public static bool TryGet<T>(ulong handle, [NotNullWhen(true)] out T? held)
        where T : class
    {
        held = Held.TryGetValue(handle, out object? found) ? found as T : null;
        return held is not null;
    }

    /// <summary>Takes the object of a number away, if it has that kind; only one of several callers gets it.</summary>
    public static bool TryRemove<T>(ulong handle, [NotNullWhen(true)] out T? held)
        where T : class
    {
        held = null;
        if (!TryGet(handle, out T? found) || !Held.TryRemove(KeyValuePair.Create<ulong, object>(handle, found))) return false;
        held = found;
        return true;
    }
}
