using System;
using System.CommandLine;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace FcpFast.Tool;

/// <summary>Where a run speaks: results on stdout, words on stderr; events as lines of JSON on stdout if another program attends.</summary>
/// <remarks>Threads: any; lines never mix.</remarks>
internal sealed class ToolStreams(InvocationConfiguration configuration, bool isAttended = false)
{
    private readonly TextWriter _output = TextWriter.Synchronized(configuration.Output);
    private readonly TextWriter _errors = TextWriter.Synchronized(configuration.Error);

    /// <summary>True if another program started this one and reads its events.</summary>
    public bool IsAttended { get; } = isAttended;

    /// <summary>True if stderr is a terminal, and so may show what is overwritten later.</summary>
    public bool IsTerminal { get; } = configuration.Error == Console.Error && !Console.IsErrorRedirected && !isAttended;

    /// <summary>Says something on stderr.</summary>
    public Task SayAsync(string words) => _errors.WriteLineAsync(words);

    /// <summary>Writes a line of the result to stdout.</summary>
    public Task WriteAsync(string line) => _output.WriteLineAsync(line);

    /// <summary>Writes the result as one line of JSON.</summary>
    public Task WriteAsync(JsonObject report) => _output.WriteLineAsync(report.ToJsonString());

    /// <summary>Tells the attending program that a zone changed.</summary>
    public Task TellZoneAsync(FcpEndpointEvent.ZoneChanged changed) =>
        TellAsync("zone", new JsonObject { ["zone"] = changed.Zone.ToString(), ["key"] = changed.ZoneKey?.ToString(), ["is_member"] = changed.IsMember });

    /// <summary>Tells the attending program of an event; nothing if there is none.</summary>
    public Task TellAsync(string name, JsonObject details)
    {
        if (!IsAttended) return Task.CompletedTask;
        var line = new JsonObject { ["event"] = name };
        foreach ((string key, JsonNode? value) in details) line[key] = value?.DeepClone();
        return WriteAsync(line);
    }
}
