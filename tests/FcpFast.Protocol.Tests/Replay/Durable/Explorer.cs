using System;
using System.Collections.Generic;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>Every course of events of a small world, breadth first, each state once.</summary>
/// <typeparam name="TWorld">The world: made anew for every course, since the product's objects have no copies.</typeparam>
/// <param name="make">Makes it.</param>
/// <param name="actions">What may happen: a name, and what it does; null if it cannot happen now.</param>
/// <param name="stateOf">Everything that what follows can depend on.</param>
/// <param name="faultOf">What is wrong; null for nothing.</param>
internal sealed class Explorer<TWorld>(
    Func<TWorld> make, IReadOnlyList<(string Name, Func<TWorld, bool> Act)> actions, Func<TWorld, string> stateOf, Func<TWorld, string?> faultOf)
{
    /// <summary>States that were seen.</summary>
    public int States => _seen.Count;

    private readonly HashSet<string> _seen = [];

    /// <summary>The shortest course that ends in a fault; null if none does.</summary>
    /// <param name="statesMax">More are a fault of the model, which is meant to be small.</param>
    public string? FirstFault(int statesMax)
    {
        var open = new Queue<int[]>();
        open.Enqueue([]);
        _seen.Add(stateOf(make()));
        while (open.TryDequeue(out int[]? course))
        {
            for (int action = 0; action < actions.Count; action++)
            {
                TWorld world = make();
                foreach (int step in course) actions[step].Act(world);
                if (!actions[action].Act(world)) continue;
                int[] longer = [.. course, action];
                if (faultOf(world) is { } fault) return $"{fault}, after: {string.Join(", ", Array.ConvertAll(longer, step => actions[step].Name))}";
                if (!_seen.Add(stateOf(world))) continue;
                if (_seen.Count > statesMax) return $"the model has more than {statesMax} states";
                open.Enqueue(longer);
            }
        }

        return null;
    }
}
