using System;
using System.Collections.Generic;
using System.IO;
using FcpFast.Control.Records;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.State;

/// <summary>Record files that are put into a running node's state directory: taken in the order of their names, then removed.</summary>
/// <remarks>Shape: a file becomes visible by its rename to a name with <see cref="RecordFile.Extension"/>; what is refused was told and is removed too.</remarks>
public static class Inbox
{
    /// <summary>The folder in the state directory.</summary>
    public const string Folder = "inbox";

    /// <summary>Puts records where a running node finds them.</summary>
    public static void Put(string stateFolder, IEnumerable<ControlRecord> records)
    {
        string folder = Path.Combine(stateFolder, Folder);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string name = Path.Combine(folder, FormattableString.Invariant($"{DateTime.UtcNow.Ticks:D20}-{Environment.ProcessId}"));
        using (FileStream file = File.Create(name + ".new"))
        {
            file.Write(RecordFile.Write(records));
            file.Flush(flushToDisk: true);
        }

        File.Move(name + ".new", name + RecordFile.Extension);
        DirectorySync.Flush(folder);
    }

    /// <summary>Takes the records that lie there. A file goes only when all that counts in it is durable: who put it there was told that it arrived.</summary>
    /// <param name="stateFolder">The state directory.</param>
    /// <param name="take">Judges and stores a record.</param>
    /// <param name="refused">Told of a file that is none.</param>
    /// <returns>False if something stays that is to be tried again later: what it holds is known or judged anew then.</returns>
    internal static bool Take(string stateFolder, Func<ControlRecord, FcpStatus> take, Action<string, FcpStatus> refused)
    {
        string folder = Path.Combine(stateFolder, Folder);
        try
        {
            if (!Directory.Exists(folder)) return true;
            string[] files = Directory.GetFiles(folder, "*" + RecordFile.Extension);
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files)
            {
                bool fits = new FileInfo(file).Length <= RecordFile.FileBytesMax;
                FcpStatus status = FcpStatus.PayloadTooLarge;
                IReadOnlyList<ControlRecord> read = [];
                if (fits) status = RecordFile.Read(File.ReadAllBytes(file), out read);
                if (status != FcpStatus.Accepted) refused(Path.GetFileName(file), status);
                foreach (ControlRecord record in read)
                {
                    if (take(record) == FcpStatus.NotDurable) return false;
                }

                File.Delete(file);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
