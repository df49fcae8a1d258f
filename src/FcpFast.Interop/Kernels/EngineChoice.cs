namespace FcpFast.Interop.Kernels;

/// <summary>Which engines the data path may run on.</summary>
/// <remarks>Source: DESIGN §2.</remarks>
public enum EngineChoice
{
    /// <summary>The fastest that agrees with libsodium.</summary>
    Auto,

    /// <summary>libsodium, the platform's HMAC and portable BLAKE3; none of this project's kernels.</summary>
    Libsodium,

    /// <summary>The widest kernels that this processor has and that agree with libsodium, whether they gain anything or not.</summary>
    Wide,
}
