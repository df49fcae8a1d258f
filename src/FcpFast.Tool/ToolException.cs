using System;

namespace FcpFast.Tool;

/// <summary>Something could not be done: what, where, and the remedy, in words for the user.</summary>
internal sealed class ToolException : Exception
{
    public ToolException(string what, string remedy, Exception? cause = null)
        : base(what, cause) => Remedy = remedy;

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; }
}
