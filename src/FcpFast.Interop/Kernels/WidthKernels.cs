namespace FcpFast.Interop.Kernels;

/// <summary>What an engine of one width runs on: its own kernels, and narrower ones for what does not fill them.</summary>
internal sealed class WidthKernels
{
    private readonly Poly1305Kernel[] _macs;

    private WidthKernels(int bits, ChaCha20Kernel cipher, ChaCha20Kernel narrowCipher, Poly1305Kernel[] macs)
    {
        Bits = bits;
        Cipher = cipher;
        NarrowCipher = narrowCipher;
        _macs = macs;
    }

    public static WidthKernels Of128 { get; } = new(128, ChaCha20Kernel.Of128, ChaCha20Kernel.Of128, [Poly1305Kernel.Of128]);

    public static WidthKernels Of256 { get; } =
        new(256, ChaCha20Kernel.Of256, ChaCha20Kernel.Of256, [Poly1305Kernel.Of128, Poly1305Kernel.Of256]);

    public static WidthKernels Of512 { get; } =
        new(512, ChaCha20Kernel.Of512, ChaCha20Kernel.Of256, [Poly1305Kernel.Of128, Poly1305Kernel.Of256, Poly1305Kernel.Of512]);

    public int Bits { get; }

    /// <summary>For passes that fill it more than the narrow one can.</summary>
    public ChaCha20Kernel Cipher { get; }

    /// <summary>For the rest: a pass of half the width costs less, one of a quarter hardly less than that.</summary>
    public ChaCha20Kernel NarrowCipher { get; }

    /// <summary>Messages of the widest MAC run.</summary>
    public int MacLanes => _macs[^1].Lanes;

    /// <summary>The narrowest kernel that takes <paramref name="messages"/> at once.</summary>
    public Poly1305Kernel MacFor(int messages)
    {
        foreach (Poly1305Kernel mac in _macs)
        {
            if (mac.Lanes >= messages) return mac;
        }

        return _macs[^1];
    }
}
