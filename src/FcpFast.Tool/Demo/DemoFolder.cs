using System;
using System.IO;
using System.Threading.Tasks;

namespace FcpFast.Tool.Demo;

/// <summary>The folder of one run of the demo: a temporary one that goes with the run, or one that is to be kept.</summary>
internal sealed class DemoFolder : IAsyncDisposable
{
    private readonly ToolStreams _streams;
    private readonly bool _isKept;

    private DemoFolder(string path, bool isKept, ToolStreams streams)
    {
        FullPath = path;
        _isKept = isKept;
        _streams = streams;
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Where files are received.</summary>
    public string Received => Path.Combine(FullPath, "received");

    /// <summary>Makes the folder, with room for so many bytes.</summary>
    /// <param name="keep">A folder that does not exist yet; null for a temporary one.</param>
    /// <param name="bytes">How much will be written.</param>
    /// <param name="streams">Where to speak.</param>
    public static DemoFolder Create(string? keep, long bytes, ToolStreams streams)
    {
        if (Path.Exists(keep)) throw new ToolException($"{keep} exists already", "name a new folder with --keep, so that nothing is overwritten");
        bool hasPlace = keep is not null || Directory.Exists(Path.GetTempPath());
        if (!hasPlace) throw new ToolException($"there is no folder {Path.GetTempPath()} for temporary files", "make it, or name another one by TMPDIR or --keep");
        try
        {
            string path = keep is null ? Directory.CreateTempSubdirectory("fcpfast-demo-").FullName : Directory.CreateDirectory(keep).FullName;
            var folder = new DemoFolder(path, keep is not null, streams);
            long free = new DriveInfo(path).AvailableFreeSpace;
            if (free >= bytes)
            {
                Directory.CreateDirectory(folder.Received);
                return folder;
            }

            Directory.Delete(path);
            throw new ToolException($"{bytes} bytes are needed in {path}, {free} are free", "free some room, move less (--size), or name another place by --keep or TMPDIR");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException($"cannot make the demo's folder {keep ?? "in " + Path.GetTempPath()}: {e.Message}", "name a place that may be written, by --keep or TMPDIR", e);
        }
    }

    /// <summary>Removes a temporary folder, whatever is in it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isKept) return;
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await _streams.SayAsync($"fcpfast: {FullPath} could not be removed: {e.Message}");
        }
    }
}
