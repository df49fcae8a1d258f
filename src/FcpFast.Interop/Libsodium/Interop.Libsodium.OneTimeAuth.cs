using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Libsodium;

/// <summary>[libsodium crypto_onetimeauth_poly1305.h].</summary>
internal static unsafe partial class Libsodium
{
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int crypto_onetimeauth_poly1305(byte* output, byte* input, ulong inputlen, byte* k);
}
