using System;
using System.Collections.Generic;
using System.IO;
using FcpFast.Control.Records;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Verbs.Control;

/// <summary>Record files as they are carried: read with a reason if they are none, written whole.</summary>
internal static class RecordFiles
{
    public static IReadOnlyList<ControlRecord> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > RecordFile.FileBytesMax) throw new ToolException($"{path} is larger than a record file may be", "name a file that 'fcpfast' wrote");
            FcpStatus status = RecordFile.Read(File.ReadAllBytes(path), out IReadOnlyList<ControlRecord> records);
            return status == FcpStatus.Accepted ? records : throw new ToolException(
                $"{path} is no record file: {FcpStatusNames.NameOf(status)}", "name a file that 'fcpfast' wrote; bring it anew if it was damaged on the way");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot read {path}: {e.Message}", "name a file that may be read", e);
        }
    }

    /// <summary>The only record of a file.</summary>
    public static ControlRecord ReadOne(string path, RecordKind kind) => Read(path) is [var one] && one.Kind == kind
        ? one
        : throw new ToolException($"{path} does not hold one {kind} and nothing else", "name the file that the verb before this one wrote");

    public static void Write(string path, IEnumerable<ControlRecord> records)
    {
        try
        {
            string temporary = path + ".new";
            File.WriteAllBytes(temporary, RecordFile.Write(records));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot write {path}: {e.Message}", "name a file that may be written, with --out", e);
        }
    }
}
