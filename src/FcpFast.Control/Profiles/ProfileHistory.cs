using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Profiles;

/// <summary>The security profiles of one zone at one node: the one in force, and which ones were.</summary>
/// <remarks>
/// Shape:   an immutable value; at most <see cref="KnownMax"/> digests, the oldest forgotten first.
/// Source:  [WIRE §11.5] M2, [WIRE §14].
/// </remarks>
public sealed record ProfileHistory
{
    /// <summary>Digests kept; a manifest that refers to a forgotten one is <c>ProfileMissing</c>.</summary>
    public const int KnownMax = 1024;

    /// <summary>Digests kept of one content; a further one takes the place of the oldest, so that copies cannot crowd out older revisions.</summary>
    public const int NamesMax = 8;

    /// <summary>A zone without a profile.</summary>
    public static ProfileHistory Empty { get; } = new();

    /// <summary>The profile in force; null for the defaults.</summary>
    public HeldProfile? InForce { get; init; }

    /// <summary>Every digest under which an accepted profile came, oldest first, and what that profile said.</summary>
    public ImmutableArray<(ManifestDigest Digest, ContentDigest Content)> Known { get; init; } = [];

    /// <summary>What the zone demands now.</summary>
    public SecurityTerms Terms => InForce?.Terms ?? SecurityTerms.Default;

    /// <summary>True if the node holds a profile of this digest, in force or older.</summary>
    public bool Holds(Bytes32 digest)
    {
        foreach ((ManifestDigest known, _) in Known)
        {
            if (known.Value == digest) return true;
        }

        return false;
    }

    /// <summary>True if the digest names the profile in force.</summary>
    public bool NamesInForce(ManifestDigest digest) => InForce is { } held && Known.Contains((digest, held.Content));

    /// <summary>The history after a profile came into force.</summary>
    public ProfileHistory With(HeldProfile accepted) => WithName(accepted.Digest, accepted.Content) with { InForce = accepted };

    /// <summary>The history after a profile that is held came under another digest: a copy whose unsigned fields differ.</summary>
    /// <remarks>Whoever changed them would otherwise make manifests unusable that name the owner's copy.</remarks>
    internal ProfileHistory WithName(ManifestDigest digest, ContentDigest content)
    {
        if (Known.Contains((digest, content))) return this;
        int names = 0, oldest = 0;
        for (int i = Known.Length - 1; i >= 0; i--)
        {
            if (Known[i].Content != content) continue;
            names++;
            oldest = i;
        }

        if (names >= NamesMax) return this with { Known = Known.RemoveAt(oldest).Add((digest, content)) };
        return this with { Known = (Known.Length < KnownMax ? Known : Known.RemoveAt(0)).Add((digest, content)) };
    }
}
