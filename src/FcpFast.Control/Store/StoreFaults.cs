using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>SQLite's refusals in words, each with its remedy.</summary>
internal static class StoreFaults
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private const string Restore =
        "put a backup in its place ('fcpfast node restore'), or make the identity anew; do not go on with this file, and keep it for the search for the cause";

    /// <summary>What happened, and what the user can do.</summary>
    public static StateStoreException Describe(string path, SqliteException cause)
    {
        (string what, string remedy) = cause.SqliteErrorCode switch
        {
            Full => ("the disk is full; nothing of this change was kept, everything before it was", "make room on the disk and try again"),
            InputOutput => ($"the disk failed ({cause.Message}); what was acknowledged before is kept", "look at the disk and its file system, then start again"),
            Corrupt or NotADatabase => ("the file is damaged", Restore),
            Permission or ReadOnly or CannotOpen => ("the file cannot be opened for writing", "give the directory and its files to the user that runs this program (chmod 700 and 600)"),
            Busy or Locked => ("another process uses the file", "end that process first: each state directory belongs to one"),
            _ => (cause.Message, Restore),
        };
        return new StateStoreException(path, what, remedy, cause);
    }

    /// <summary>A file that opens but holds what no store writes.</summary>
    public static StateStoreException Damaged(string path, string what, System.Exception? cause = null) =>
        new(path, $"the file is damaged: {what}", Restore, cause);

    /// <summary>True if the handle must not be used again: what it still holds may not be what is on the disk.</summary>
    /// <remarks>Source: [REPLAY §5.3] (a failed flush).</remarks>
    public static bool SpoilsHandle(SqliteException cause) => cause.SqliteErrorCode is InputOutput or Corrupt or NotADatabase;
}
