namespace FcpFast.Tool.Vectors.Formats;

/// <summary>What Wycheproof says of a test.</summary>
internal enum WycheproofResult
{
    /// <summary>Not read yet.</summary>
    Unset = 0,

    /// <summary>Must verify or be computed as given.</summary>
    Valid,

    /// <summary>Must be refused.</summary>
    Invalid,

    /// <summary>Legal, but a library may refuse it: here it is computed as given unless our policy refuses it.</summary>
    Acceptable,
}
