using System.Collections.Generic;
using FcpFast.Mls.Messages;

namespace FcpFast.Mls.Groups;

/// <summary>What a list of proposals has made of a tree.</summary>
internal sealed class AppliedProposals(MlsExtension[] extensions)
{
    /// <summary>The group's extensions, as they are now.</summary>
    public MlsExtension[] Extensions { get; set; } = extensions;

    public bool ChangesExtensions { get; set; }

    public HashSet<uint> NewLeaves { get; } = [];

    public List<(uint Leaf, KeyPackage Package)> Added { get; } = [];

    public List<(uint Leaf, LeafNode Node)> Removed { get; } = [];

    public List<(uint Leaf, LeafNode Node)> Updated { get; } = [];

    public List<PreSharedKeyId> Psks { get; } = [];

    /// <summary>True if a commit without a path would be invalid.</summary>
    public bool NeedsPath { get; set; }
}
