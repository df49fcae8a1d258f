using System;

namespace FcpFast.Control.Store;

/// <summary>A state directory cannot be used, or could not be written: what, where, and the remedy.</summary>
public sealed class StateStoreException : Exception
{
    /// <summary>Says what is wrong with which file.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="cause">The cause, if there is one.</param>
    public StateStoreException(string path, string what, string remedy, Exception? cause = null)
        : base($"{path}: {what}", cause) => Remedy = remedy;

    /// <summary>What the user can do.</summary>
    public string Remedy { get; }
}
