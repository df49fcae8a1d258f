using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>The one version, [RFC 9420 §6].</summary>
internal static class ProtocolVersions
{
    public const ushort Mls10 = 1;

    /// <summary>Reads a version that must be 1.</summary>
    public static void Require(ref MlsReader reader)
    {
        if (reader.U16() != Mls10) reader.Break(MlsStatus.UnsupportedVersion);
    }
}
