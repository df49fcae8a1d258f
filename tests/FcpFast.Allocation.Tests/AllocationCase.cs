using System;

namespace FcpFast.Allocation.Tests;

/// <summary>One thing of the hot path that must not allocate.</summary>
/// <param name="Name">Shown with the figures.</param>
/// <param name="Prepare">Makes everything that the step needs, once, and returns the step. What it allocates does not count.</param>
/// <param name="Steps">Steps in a window; fewer for slow ones.</param>
internal sealed record AllocationCase(string Name, Func<Action> Prepare, int Steps = 1000)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
