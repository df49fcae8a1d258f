namespace FcpFast.Tool.Vectors;

/// <summary>Whether a case can be judged.</summary>
internal enum VectorStanding
{
    /// <summary>Nobody knows its op or family: never a pass.</summary>
    Unknown = 0,

    /// <summary>A later issue owns its op or family.</summary>
    NotYet,

    /// <summary>This tool judges it.</summary>
    Known,
}
