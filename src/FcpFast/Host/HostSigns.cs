using System;

namespace FcpFast.Host;

/// <summary>What a process can see of itself and its machine, and what a copy of either would show differently.</summary>
/// <param name="Process">Its id and when the kernel started it; empty where the platform does not tell.</param>
/// <param name="BootId">Which start of the machine this is.</param>
/// <param name="Generation">Which copy of the machine this is, where the platform or its orchestrator tells.</param>
/// <param name="SinceBoot">The clock that no restored copy can set: it goes on where the snapshot was made.</param>
/// <param name="Wall">The wall clock.</param>
/// <remarks>Source: [REPLAY §5.4].</remarks>
internal readonly record struct HostSigns(string Process, string BootId, string Generation, TimeSpan SinceBoot, DateTimeOffset Wall);
