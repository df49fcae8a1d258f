using System;
using System.CommandLine;
using System.IO;
using System.Text.Json.Nodes;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;

namespace FcpFast.Tool.Verbs.Control;

/// <summary><c>backup</c> and <c>restore</c> of a state directory: the store, and the key files that lie in it.</summary>
/// <remarks>Source: [REPLAY §5.5] for what a restored copy cannot know.</remarks>
internal static class Backups
{
    private static readonly string[] KeyFiles = ["store.key", OwnerDesk.KeyFile, OwnerDesk.CardFile];

    public static Command CreateBackup()
    {
        Argument<string> folder = ControlArguments.AnyFolder();
        var into = new Argument<string>("BACKUPDIR") { Description = "A directory that does not exist yet. Who has it has the identity: guard it." };
        return ControlVerb.Create("backup", "Copies a state directory, also while its process runs.", [folder, into], parsed =>
        {
            (string from, string to) = (parsed.GetValue(folder)!, parsed.GetValue(into)!);
            Copy(from, to, () =>
            {
                using StateStore store = StateStore.OpenPublic(from, LibsodiumGate.Open());
                store.Backup(Path.Combine(to, "state.db"));
            });
            return (new JsonObject { ["backup"] = to }, $"{from} is copied to {to}");
        });
    }

    public static Command CreateRestore()
    {
        var from = new Argument<string>("BACKUPDIR") { Description = "A directory that 'backup' made." };
        Argument<string> folder = ControlArguments.AnyFolder();
        return ControlVerb.Create(
            "restore", "Makes a state directory of a backup. Import the newest records before anything else: a restored owner that signs from old state contradicts itself.", [from, folder], parsed =>
        {
            (string backup, string to) = (parsed.GetValue(from)!, parsed.GetValue(folder)!);
            Copy(backup, to, () => CopyPrivate(Path.Combine(backup, "state.db"), Path.Combine(to, "state.db")));
            StateReport.Of(to); // it reads, or this says why not
            return (
                new JsonObject { ["restored"] = to },
                $"{to} is as it was at the time of the backup. Import the newest records of a node before it is used: what it accepted or signed since is not in it");
        });
    }

    private static void Copy(string from, string to, Action copyStore)
    {
        try
        {
            if (Path.Exists(to)) throw new ToolException($"{to} exists already", "name a directory that does not exist, so that nothing is overwritten");
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(to);
            else Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            copyStore();
            foreach (string name in KeyFiles)
            {
                if (File.Exists(Path.Combine(from, name))) CopyPrivate(Path.Combine(from, name), Path.Combine(to, name));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot copy {from} to {to}: {e.Message}", "name directories that may be read and written", e);
        }
    }

    private static void CopyPrivate(string from, string to)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using FileStream source = File.OpenRead(from);
        using var copy = new FileStream(to, options);
        source.CopyTo(copy);
        copy.Flush(flushToDisk: true);
    }
}
