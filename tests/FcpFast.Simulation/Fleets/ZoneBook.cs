using System;
using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Keys;

namespace FcpFast.Simulation.Fleets;

/// <summary>What a node's control plane knows of a zone, and the keys from which images go to the data path.</summary>
internal sealed class ZoneBook : IDisposable
{
    private readonly CryptoProvider _crypto;
    private readonly RecipientKeys _recipient;
    private readonly ZoneKeyRing _ring;

    public ZoneBook(ZoneState state, RecipientKeys recipient, CryptoProvider crypto)
    {
        State = state;
        _recipient = recipient;
        _crypto = crypto;
        _ring = new ZoneKeyRing(state.Zone);
    }

    public ZoneState State { get; private set; }

    /// <summary>Judges a manifest as if a stranger had brought it, and goes on with what follows.</summary>
    public FcpStatus Take(byte[] manifest, ulong nowUnixSeconds)
    {
        using ManifestOutcome outcome = ManifestAcceptance.Judge(manifest, State, _recipient, nowUnixSeconds, _crypto);
        State = outcome.State;
        ZoneKeyInstaller.Apply(outcome, _ring, _crypto, nowUnixSeconds, []);
        return outcome.Status;
    }

    /// <summary>Copies of the keys, for the data path.</summary>
    public ZoneKeyRingImage ToImage() => _ring.ToImage(_crypto.Vault);

    /// <summary>A zone of the data path with keys of its own.</summary>
    public ZoneEntry ToEntry()
    {
        var ring = new ZoneKeyRing(State.Zone);
        ring.Adopt(ToImage(), _crypto, []);
        return new ZoneEntry(ring, MacSuite.HmacSha256, State.Members.ToHashSet());
    }

    public void Dispose() => _ring.Dispose();
}
