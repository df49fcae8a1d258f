using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls;

/// <summary>The external pre-shared keys that a client holds.</summary>
/// <remarks>Source: [RFC 9420 §8.4].</remarks>
public interface IMlsPsks
{
    /// <summary>The key of an id; null if there is none. It stays the holder's.</summary>
    SecretKey? Find(ReadOnlySpan<byte> id);
}
