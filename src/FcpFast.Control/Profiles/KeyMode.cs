namespace FcpFast.Control.Profiles;

/// <summary>How a zone's keys reach its members; the higher is the stronger.</summary>
/// <remarks>Source: [WIRE §14].</remarks>
public enum KeyMode : byte
{
    /// <summary>Not chosen; never usable.</summary>
    Unset = 0,

    /// <summary>Wrapped in manifests.</summary>
    ManifestDistributed = 1,

    /// <summary>Exported from an MLS group.</summary>
    MlsTreeKem = 2,
}
