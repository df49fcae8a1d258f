using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Libsodium;

/// <summary>[libsodium crypto_stream_chacha20.h].</summary>
internal static unsafe partial class Libsodium
{
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int crypto_stream_chacha20_ietf(byte* c, ulong clen, byte* n, byte* k);
}
