using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>The C library's socket calls. [Linux sendmsg(2)], [Linux recvmmsg(2)], [Linux setsockopt(2)]</summary>
/// <remarks>The runtime resolves the name to the C library of the system, glibc or musl; it is never looked for beside the program.</remarks>
internal static unsafe partial class Libc
{
    internal const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nint sendmsg(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int recvmmsg(int descriptor, BatchHeader* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int setsockopt(int descriptor, int level, int name, int* value, uint valueBytes);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int setsockopt(int descriptor, int level, int name, FilterProgram* value, uint valueBytes);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int getsockopt(int descriptor, int level, int name, int* value, uint* valueBytes);
}
