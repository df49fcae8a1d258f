namespace FcpFast.Interop.Kernels;

/// <summary>What an engine of one width runs on: its own kernels, and narrower ones for what does not fill them.</summary>
/// <remarks>A pass of half the width costs less than a full one, a pass of a quarter hardly less than that of the half.</remarks>
internal sealed class WidthKernels
{
    public static WidthKernels Of128 { get; } = new()
    {
        Bits = 128,
        Cipher = ChaCha20Kernel.Of128,
        NarrowCipher = ChaCha20Kernel.Of128,
        OneTimeAuths = [Poly1305Kernel.Of128],
        Hash = Blake3Kernel.Of128,
        NarrowHash = Blake3Kernel.Of128,
        Hmac = HmacSha256Kernel.Of128,
        NarrowHmac = HmacSha256Kernel.Of128,
    };

    public static WidthKernels Of256 { get; } = new()
    {
        Bits = 256,
        Cipher = ChaCha20Kernel.Of256,
        NarrowCipher = ChaCha20Kernel.Of256,
        OneTimeAuths = [Poly1305Kernel.Of128, Poly1305Kernel.Of256],
        Hash = Blake3Kernel.Of256,
        NarrowHash = Blake3Kernel.Of128,
        Hmac = HmacSha256Kernel.Of256,
        NarrowHmac = HmacSha256Kernel.Of128,
    };

    public static WidthKernels Of512 { get; } = new()
    {
        Bits = 512,
        Cipher = ChaCha20Kernel.Of512,
        NarrowCipher = ChaCha20Kernel.Of256,
        OneTimeAuths = [Poly1305Kernel.Of128, Poly1305Kernel.Of256, Poly1305Kernel.Of512],
        Hash = Blake3Kernel.Of512,
        NarrowHash = Blake3Kernel.Of256,
        Hmac = HmacSha256Kernel.Of512,
        NarrowHmac = HmacSha256Kernel.Of256,
    };

    public required int Bits { get; init; }

    public required ChaCha20Kernel Cipher { get; init; }

    public required ChaCha20Kernel NarrowCipher { get; init; }

    /// <summary>The narrowest first.</summary>
    public required Poly1305Kernel[] OneTimeAuths { get; init; }

    public required Blake3Kernel Hash { get; init; }

    public required Blake3Kernel NarrowHash { get; init; }

    public required HmacSha256Kernel Hmac { get; init; }

    public required HmacSha256Kernel NarrowHmac { get; init; }

    /// <summary>Messages of the widest run of one-time MACs.</summary>
    public int MacLanes => OneTimeAuths[^1].Lanes;

    /// <summary>The narrowest kernel that takes <paramref name="messages"/> at once.</summary>
    public Poly1305Kernel MacFor(int messages)
    {
        foreach (Poly1305Kernel mac in OneTimeAuths)
        {
            if (mac.Lanes >= messages) return mac;
        }

        return OneTimeAuths[^1];
    }
}
