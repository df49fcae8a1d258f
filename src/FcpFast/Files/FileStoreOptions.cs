namespace FcpFast.Files;

/// <summary>Where and how received files are kept.</summary>
/// <param name="Folder">The folder; it exists and is writable.</param>
/// <param name="Overwrites">True if a finished file replaces one of its name; else it gets a name with a number.</param>
/// <param name="FileBytesMax">Larger files are refused.</param>
public sealed record FileStoreOptions(string Folder, bool Overwrites = false, ulong FileBytesMax = ulong.MaxValue);
