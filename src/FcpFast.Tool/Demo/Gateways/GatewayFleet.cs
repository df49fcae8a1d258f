using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Demo.Gateways;

/// <summary>An owner, nodes and zone <c>z:work</c>, made by the verbs that an operator uses, each node in a folder that stands for its machine.</summary>
/// <param name="Root">Below it lie the owner's folder and a machine's for each node.</param>
internal sealed record GatewayFleet(string Root)
{
    public const string Zone = "z:work";

    private string Owner => Path.Combine(Root, "owner");

    private string Passphrase => Path.Combine(Root, "passphrase");

    /// <summary>Makes everything.</summary>
    /// <param name="members">Nodes of the zone.</param>
    /// <param name="relays">Nodes that are attested as relays and have no key of it.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public async Task MakeAsync(IReadOnlyList<string> members, IReadOnlyList<string> relays, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Passphrase, Guid.NewGuid().ToString(), cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] all = [.. members, .. relays];
        await RunAsync(cancellation, "owner", "create", Owner, "--name", "ann", "--passphrase-file", Passphrase);
        foreach (string name in all)
        {
            Directory.CreateDirectory(Path.Combine(MachineOf(name), "received"));
            await RunAsync(cancellation, "node", "create", StateOf(name), "--name", name, "--owner", Path.Combine(Owner, "owner.fcp"), "--request", Below(name));
        }

        await RunAsync(cancellation, ["owner", "attest", Owner, .. members.Select(Below), "--out", Below("nodes"), "--passphrase-file", Passphrase]);
        if (relays.Count > 0) await RunAsync(cancellation, ["owner", "attest", Owner, .. relays.Select(Below), "--relay", "--out", Below("relays"), "--passphrase-file", Passphrase]);
        await RunAsync(cancellation, ["zone", "create", Owner, Zone, .. members.SelectMany(static name => (string[])["--member", name]), "--out", Below("work"), "--passphrase-file", Passphrase]);
        string[] attestations = relays.Count > 0 ? [Below("nodes"), Below("relays")] : [Below("nodes")];
        foreach (string name in all) await RunAsync(cancellation, ["node", "import", StateOf(name), .. attestations, .. members.Contains(name) ? (string[])[Below("work")] : []]);
    }

    /// <summary>Gives the zone a new key; the file with its manifest.</summary>
    public async Task<string> RotateAsync(CancellationToken cancellation)
    {
        await RunAsync(cancellation, "zone", "rotate", Owner, Zone, "--out", Below("work"), "--passphrase-file", Passphrase);
        return Below("work");
    }

    /// <summary>The zone, read.</summary>
    public static void ParseZone(out ZoneId zone) => Invariant.Require(ZoneId.Parse(Zone, out zone) == FcpStatus.Accepted, "the zone's id can be read");

    /// <summary>What stands for the machine of a node.</summary>
    public string MachineOf(string name) => Path.Combine(Root, name);

    /// <summary>The state folder of a node, named as the example configurations name it.</summary>
    public string StateOf(string name) => Path.Combine(MachineOf(name), name);

    /// <summary>Where a node's received files go.</summary>
    public string ReceivedOf(string name) => Path.Combine(MachineOf(name), "received");

    /// <summary>Runs a verb in this process; a failure is told with its words.</summary>
    public static async Task<string> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        int exit = await Program.RunAsync(arguments, output, errors, cancellation);
        if (exit == ExitCodes.Done) return output.ToString();
        cancellation.ThrowIfCancellationRequested();
        throw new ToolException($"'fcpfast {string.Join(' ', arguments)}' ended with {exit}: {errors}", "see what it said");
    }

    private string Below(string name) => Path.Combine(Root, name + ".fcp");
}
