using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>Folders made durable, files written behind, and pages of the program given back. [Linux open(2)], [Linux fsync(2)], [Linux sync_file_range(2)], [Linux posix_fadvise(2)], [Linux madvise(2)]</summary>
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

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int sync_file_range(int descriptor, long offset, long bytes, uint flags);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int posix_fadvise(int descriptor, long offset, long bytes, int advice);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int madvise(nuint address, nuint bytes, int advice);
}
