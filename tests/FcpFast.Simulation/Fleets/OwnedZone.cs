using System;
using System.Collections.Generic;
using FcpFast.Control.Manifests;

namespace FcpFast.Simulation.Fleets;

/// <summary>A zone as its owner knows it.</summary>
internal sealed class OwnedZone(ZoneState state, ZoneSecrets secrets, IReadOnlyList<Member> members) : IDisposable
{
    public ZoneState State { get; private set; } = state;

    /// <summary>Its present keys.</summary>
    public ZoneSecrets Secrets { get; private set; } = secrets;

    public IReadOnlyList<Member> Members { get; private set; } = members;

    public void Turn(ZoneState state, ZoneSecrets secrets, IReadOnlyList<Member> members)
    {
        Secrets.Dispose();
        (State, Secrets, Members) = (state, secrets, members);
    }

    public void Dispose() => Secrets.Dispose();
}
