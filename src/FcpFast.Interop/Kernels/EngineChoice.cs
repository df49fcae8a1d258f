namespace FcpFast.Interop.Kernels;

/// <summary>Which AEAD engine the data path may run on. MACs and hashes run on kernels that agree with portable code, whatever is chosen.</summary>
/// <remarks>Source: DESIGN §2.</remarks>
public enum EngineChoice
{
    /// <summary>The fastest that agrees with libsodium.</summary>
    Auto,

    /// <summary>libsodium seals and opens. It has no BLAKE3 and its HMAC takes one message at a time, so those stay with the kernels.</summary>
    Libsodium,

    /// <summary>The widest kernels that this processor has and that agree with libsodium, whether they gain anything or not.</summary>
    Wide,
}
