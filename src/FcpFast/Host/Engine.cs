using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Host;

/// <summary>An engine of the data path: its name, and how a core that runs on it is made.</summary>
internal sealed record Engine(string Name, Func<NodeParts, NodeOptions, Instant, INodeCore> NewCore)
{
    /// <summary>The reference: libsodium's AEADs, the platform's HMAC, portable BLAKE3.</summary>
    public static Engine Libsodium { get; } =
        new("libsodium", static (parts, options, now) => new NodeCore<LibsodiumAead, PortableMac>(parts, options, now));
}
