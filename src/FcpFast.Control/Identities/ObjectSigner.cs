using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>Signs an object: the owner's key, or a coordinator's.</summary>
/// <param name="id">What the signature is for.</param>
/// <param name="unsignedCbor">The object without its signature.</param>
/// <param name="signature">64 bytes.</param>
public delegate void ObjectSigner(SigningId id, ReadOnlySpan<byte> unsignedCbor, Span<byte> signature);
