using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>Folders made durable. [Linux open(2)], [Linux fsync(2)]</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int open(byte* path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int fsync(int descriptor);
}
