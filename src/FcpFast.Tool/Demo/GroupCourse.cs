using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Records;
using FcpFast.State;
using FcpFast.Tool.Verbs;

namespace FcpFast.Tool.Demo;

/// <summary>What happens to an MLS zone's group while the demo moves: a node is added, a member heals, the node is removed; and what that node could open.</summary>
/// <remarks>
/// Shape:   each step waits until every process has said that it has the new key, until that key is in force, and until frames have passed under it. A
///          relay brings all frames of the zone to the third node from the beginning, so its own counts tell what it can open.
/// Threads: <see cref="Hear"/> from any.
/// Source:  [WIRE §14].
/// </remarks>
internal sealed class GroupCourse : IAsyncDisposable
{
    /// <summary>Datagrams that the removed node is still brought before the demo may end: frames of the zone, all but a few.</summary>
    public const long BroughtLeast = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, (string? Key, bool IsMember)> _heard = new();
    private readonly JsonArray _steps = [];
    private readonly DemoFleet _fleet;
    private readonly string _folder;
    private readonly string _signal;
    private readonly string[] _members;
    private readonly string _guest;
    private Task _running = Task.CompletedTask;
    private string _waitsFor = "the transfer to begin";
    private bool _isDone;
    private long _openedAsMember;
    private Counts _removed;

    /// <param name="fleet">The owner.</param>
    /// <param name="folder">Where the nodes' state folders are.</param>
    /// <param name="coordinator">The node that turns the epochs: the sender.</param>
    /// <param name="member">The other member: the receiver.</param>
    /// <param name="guest">The node that comes and goes.</param>
    public GroupCourse(DemoFleet fleet, string folder, string coordinator, string member, string guest)
    {
        _fleet = fleet;
        _folder = folder;
        _members = [coordinator, member];
        _guest = guest;
        _signal = Path.Combine(folder, "course-runs");
        File.WriteAllBytes(_signal, []);
    }

    /// <summary>A file that is there until the course is over: the sender goes on as long.</summary>
    public string Signal => _signal;

    /// <summary>An event of a process.</summary>
    public void Hear(string node, JsonObject happened)
    {
        if ((string?)happened["event"] == "zone") _heard[node] = ((string?)happened["key"], (bool)happened["is_member"]!);
    }

    /// <summary>Begins.</summary>
    public void Start(ToolStreams streams) => _running = RunAsync(streams);

    /// <summary>Ends with the course.</summary>
    public Task EndAsync() => _running;

    /// <summary>What happened, what it cost, and what the node could open before and behind its removal.</summary>
    /// <param name="received">The receiver's report.</param>
    /// <param name="guest">The guest's.</param>
    public JsonObject Report(JsonObject received, JsonObject guest)
    {
        Counts end = Counts.Of(guest);
        JsonObject lost = HandOverLoss.In(received);
        long framesLost = lost.Sum(static reason => (long)reason.Value!), brought = end.Received - _removed.Received, opened = end.Opened - _removed.Opened;
        return new JsonObject
        {
            ["steps"] = _steps.DeepClone(),
            ["waited_for"] = _isDone ? null : _waitsFor,
            ["frames_lost"] = framesLost,
            ["frames_lost_by"] = lost,
            ["guest_refused"] = guest["frames_dropped"]!.DeepClone(),
            ["opened_as_member"] = _openedAsMember,
            ["brought_after_removal"] = _isDone ? brought : 0,
            ["opened_after_removal"] = _isDone ? opened : 0,
            ["ok"] = _isDone && framesLost == 0 && _openedAsMember > 0 && brought >= BroughtLeast && opened == 0,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(ToolStreams streams)
    {
        try
        {
            await UntilAsync("the transfer to begin", async () => (await ReadAsync(_members[1])).Opened > 0);
            await StepAsync("add", _members[0], () => _fleet.Add(_guest), guestIsMember: true, streams);
            await UntilAsync("the added node to open frames", async () => (_openedAsMember = (await ReadAsync(_guest)).Opened) > 0);
            await StepAsync("heal", _members[1], _fleet.Heal, guestIsMember: true, streams);
            _openedAsMember = (await ReadAsync(_guest)).Opened;
            long strangeBodies = (await ReadAsync(_guest)).UnknownKeys;
            await StepAsync("remove", _members[0], () => _fleet.Remove(_guest), guestIsMember: false, streams);

            // Control messages keep their order, so nothing sealed under an earlier key can follow the first that the node has no key for.
            await UntilAsync("the removed node to be brought what it has no key for", async () => (_removed = await ReadAsync(_guest)).UnknownKeys > strangeBodies);
            await UntilAsync("the removed node to be brought more", async () => (await ReadAsync(_guest)).Received >= _removed.Received + BroughtLeast);
            _isDone = true;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or ToolException)
        {
            if (e is not OperationCanceledException) await streams.SayAsync($"the group's course stopped: {e.Message}");
        }
        finally
        {
            File.Delete(_signal);
        }
    }

    private async Task StepAsync(string name, string node, Func<ControlRecord> make, bool guestIsMember, ToolStreams streams)
    {
        long began = Stopwatch.GetTimestamp();
        string? before = _heard.GetValueOrDefault(_members[1]).Key;
        Inbox.Put(Path.Combine(_folder, node), [make()]);
        await UntilAsync($"'{name}' to reach every node", () => Task.FromResult(HaveTurned(before, guestIsMember)));
        string key = _heard[_members[1]].Key!;
        TimeSpan known = Stopwatch.GetElapsedTime(began);
        long opened = long.MaxValue;
        await UntilAsync($"the key of '{name}' to be in force", async () =>
        {
            Counts counts = await ReadAsync(_members[1]);
            if (counts.ActiveKey != key) return false;
            if (opened == long.MaxValue) opened = counts.Opened;
            return counts.Opened > opened;
        });
        TimeSpan inForce = Stopwatch.GetElapsedTime(began);
        _steps.Add((JsonNode)new JsonObject { ["step"] = name, ["key"] = key, ["known_seconds"] = Rounded(known), ["in_force_seconds"] = Rounded(inForce) });
        await streams.SayAsync($"{name}: every node had key {key} after {known.TotalSeconds:F1} s, and it was in force after {inForce.TotalSeconds:F1} s");
    }

    private bool HaveTurned(string? before, bool guestIsMember)
    {
        string?[] keys = [.. _members.Select(member => _heard.GetValueOrDefault(member).Key).Distinct()];
        if (keys is not [{ } key] || key == before) return false;
        (string? guestKey, bool isMember) = _heard.GetValueOrDefault(_guest);
        return isMember == guestIsMember && guestKey == key;
    }

    private async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        _waitsFor = what;
        for (long began = Stopwatch.GetTimestamp(); !await holds();)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"waited {Patience.TotalSeconds:F0} s for {what}");
            await Task.Delay(LookEvery, _stopping.Token);
        }
    }

    private async Task<Counts> ReadAsync(string node) => Counts.Of(await NodeDoor.ReadStatusAsync(Path.Combine(_folder, node), _stopping.Token));

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    /// <summary>What a node's figures say of the zone.</summary>
    private readonly record struct Counts(long Received, long Opened, long UnknownKeys, string? ActiveKey)
    {
        public static Counts Of(JsonObject figures)
        {
            IEnumerable<JsonNode?> zones = figures["zones"] as JsonArray ?? [];
            string? active = (string?)zones.FirstOrDefault(static zone => (string?)zone!["zone"] == DemoFleet.Zone)?["active_key"];
            long unknown = (long?)figures["control_refused"]?["UnknownZoneKey"] ?? 0;
            return new Counts((long)figures["datagrams_received"]!, (long)figures["frames_opened"]!, unknown, active);
        }
    }
}
