using System;

namespace FcpFast.Mls;

/// <summary>A member as the tree shows it.</summary>
/// <param name="Leaf">Its place.</param>
/// <param name="Identity">The content of its credential.</param>
/// <param name="SignatureKey">Its Ed25519 key.</param>
public readonly record struct MlsMember(uint Leaf, ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> SignatureKey);
