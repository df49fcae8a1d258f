using System.Runtime.InteropServices;
using FcpFast.Interop.Foreign;

namespace FcpFast.Native;

/// <summary>The functions of <c>fcpfast.h</c>, which documents each.</summary>
internal static partial class Exports
{
    private const int TextBytesMax = 4096;

    private static readonly nint Version = ForeignMemory.Immortal(typeof(Exports).Assembly.GetName().Version!.ToString(3));

    private static readonly nint[] ResultNames =
    [
        ForeignMemory.Immortal("ok"), ForeignMemory.Immortal("invalid argument"), ForeignMemory.Immortal("bad handle"), ForeignMemory.Immortal("not done"),
        ForeignMemory.Immortal("timeout"), ForeignMemory.Immortal("refused"), ForeignMemory.Immortal("too small"), ForeignMemory.Immortal("closed"),
        ForeignMemory.Immortal("not authentic"),
    ];

    private static readonly nint UnknownResult = ForeignMemory.Immortal("unknown result");

    [UnmanagedCallersOnly(EntryPoint = "fcp_version")]
    public static nint GetVersion() => Version;

    [UnmanagedCallersOnly(EntryPoint = "fcp_result_name")]
    public static nint ResultName(int result) => result >= 0 && result < ResultNames.Length ? ResultNames[result] : UnknownResult;

    [UnmanagedCallersOnly(EntryPoint = "fcp_last_error")]
    public static int LastError(nint text, nuint capacity) => (int)Call.CopyLastError(text, capacity);
}
