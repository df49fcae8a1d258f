using System;
using System.Collections.Immutable;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>What is stored of a zone's group, without its messages.</summary>
/// <param name="Zone">The zone.</param>
/// <remarks>Shape: owns its secrets; disposing erases them.</remarks>
public sealed record StoredGroup(ZoneId Zone) : IDisposable
{
    /// <summary>The group's record in the clear; empty if this node is in none. Pinned, so that erasing it erases the only copy.</summary>
    public byte[] Record { get; init; } = [];

    /// <summary>The key package that is offered, as a message; empty if none is.</summary>
    public ReadOnlyMemory<byte> Offered { get; init; }

    /// <summary>When it was made.</summary>
    public ulong OfferedAtUnixSeconds { get; init; }

    /// <summary>The secret of its init key.</summary>
    public SecretKey? OfferedInit { get; init; }

    /// <summary>The secret of its leaf.</summary>
    public SecretKey? OfferedEncryption { get; init; }

    /// <summary>Grants not used yet, by serial.</summary>
    public ImmutableArray<HeldGrant> Grants { get; init; } = [];

    /// <summary>Erases the secrets.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Record);
        OfferedInit?.Dispose();
        OfferedEncryption?.Dispose();
    }
}
