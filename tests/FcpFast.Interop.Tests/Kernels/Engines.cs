using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>The kernels of a width, without the turn to libsodium or portable code for small batches; skips the test if the processor lacks it.</summary>
internal static class Engines
{
    public static IAeadEngine AeadOf(int bits) => bits switch
    {
        128 => Widths.Require<Width128, IAeadEngine>(default(KernelAead<Width128>)),
        256 => Widths.Require<Width256, IAeadEngine>(default(KernelAead<Width256>)),
        _ => Widths.Require<Width512, IAeadEngine>(default(KernelAead<Width512>)),
    };

    /// <summary>The same, wide inside each message.</summary>
    public static IAeadEngine MessageAeadOf(int bits) => bits switch
    {
        128 => Widths.Require<Width128, IAeadEngine>(default(MessageAead<Width128>)),
        256 => Widths.Require<Width256, IAeadEngine>(default(MessageAead<Width256>)),
        _ => Widths.Require<Width512, IAeadEngine>(default(MessageAead<Width512>)),
    };

    public static IMacEngine MacOf(int bits) => bits switch
    {
        128 => Widths.Require<Width128, IMacEngine>(default(KernelMac<Width128>)),
        256 => Widths.Require<Width256, IMacEngine>(default(KernelMac<Width256>)),
        _ => Widths.Require<Width512, IMacEngine>(default(KernelMac<Width512>)),
    };

    public static IBlake3Engine Blake3Of(int bits) => bits switch
    {
        128 => Widths.Require<Width128, IBlake3Engine>(new WideBlake3<Width128>()),
        256 => Widths.Require<Width256, IBlake3Engine>(new WideBlake3<Width256>()),
        _ => Widths.Require<Width512, IBlake3Engine>(new WideBlake3<Width512>()),
    };
}
