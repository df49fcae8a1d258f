using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>Draws sender instances, each for one sealing stream.</summary>
/// <remarks>
/// <code>
/// instance = first 8 bytes of HKDF(salt = generation || stream number, ikm = 32 random bytes || node secret,
///                                  info = "FCPFAST-INSTANCE-V1" || boot id || host generation id)
/// </code>
/// Shape:   no instance is drawn for two streams of a process.
/// Threads: synchronised: the shards of a node share it, and ask it a stream, never a frame.
/// Source:  [REPLAY §4.3].
/// </remarks>
public sealed class InstanceSource
{
    /// <summary>Instances of a node under one zone key; beyond that the zone key is to be rotated (D10).</summary>
    public const int InstancesPerZoneKeyMax = 1 << 16;

    private readonly Lock _guard = new();
    private readonly HashSet<SenderInstanceId> _drawn = [];
    private readonly Dictionary<ZoneKeyId, int> _perZoneKey = [];
    private readonly CryptoProvider _crypto;
    private readonly SecretKey _nodeSecret;
    private ulong _generation;
    private byte[] _info;
    private ulong _streams;

    /// <summary>Starts drawing.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="nodeSecret">32 bytes that this node alone holds.</param>
    /// <param name="generation">Which start of the node this is.</param>
    /// <param name="bootId">Which start of the machine this is.</param>
    /// <param name="hostGenerationId">Which copy of the machine this is, where the platform tells.</param>
    public InstanceSource(CryptoProvider crypto, SecretKey nodeSecret, ulong generation, string bootId, string hostGenerationId)
    {
        _crypto = crypto;
        _nodeSecret = nodeSecret;
        _generation = generation;
        _info = InfoOf(bootId, hostGenerationId);
    }

    /// <summary>Goes on as another life of the node; no instance of the life before is drawn again. Each shard may say so, the first one counts.</summary>
    /// <param name="generation">Higher than before, and durable.</param>
    /// <param name="bootId">Which start of the machine this is.</param>
    /// <param name="hostGenerationId">Which copy of the machine this is, where the platform tells.</param>
    /// <remarks>Source: [REPLAY §5.4], [REPLAY §5.5].</remarks>
    public void Begin(ulong generation, string bootId, string hostGenerationId)
    {
        lock (_guard)
        {
            Invariant.Require(generation >= _generation, "generations rise");
            if (generation == _generation) return;
            _generation = generation;
            _info = InfoOf(bootId, hostGenerationId);
        }
    }

    /// <summary>Draws an instance for a stream under a zone key.</summary>
    /// <param name="zoneKeyId">The zone key.</param>
    /// <param name="instance">The instance.</param>
    /// <returns><c>Accepted</c>; <c>MustRekey</c> when the zone key has had as many instances of this node as are safe.</returns>
    public FcpStatus Draw(ZoneKeyId zoneKeyId, out SenderInstanceId instance)
    {
        instance = default;
        lock (_guard)
        {
            int drawn = _perZoneKey.GetValueOrDefault(zoneKeyId);
            if (drawn >= InstancesPerZoneKeyMax) return FcpStatus.MustRekey;
            FcpStatus status;
            do
            {
                status = Derive(out instance);
            }
            while (status == FcpStatus.Accepted && !_drawn.Add(instance));
            if (status == FcpStatus.Accepted) _perZoneKey[zoneKeyId] = drawn + 1;
            return status;
        }
    }

    /// <summary>Draws an instance for probes; they seal nothing, so there is no number of them that is too many, and none is remembered.</summary>
    /// <returns><c>Accepted</c>; <c>MustRekey</c> if the node's secret was erased.</returns>
    public FcpStatus DrawForProbes(out SenderInstanceId instance)
    {
        lock (_guard) return Derive(out instance);
    }

    /// <summary>Forgets the count of a zone key that left the ring.</summary>
    public void Forget(ZoneKeyId zoneKeyId)
    {
        lock (_guard) _perZoneKey.Remove(zoneKeyId);
    }

    private static byte[] InfoOf(string bootId, string hostGenerationId) => Encoding.UTF8.GetBytes("FCPFAST-INSTANCE-V1" + bootId + hostGenerationId);

    private FcpStatus Derive(out SenderInstanceId instance)
    {
        instance = default;
        using KeyLease secret = _nodeSecret.Lease();
        if (!secret.IsLive || secret.Bytes.Length != CryptoSizes.KeyBytes) return FcpStatus.MustRekey;
        Span<byte> salt = stackalloc byte[2 * sizeof(ulong)];
        Span<byte> inputKey = stackalloc byte[2 * CryptoSizes.KeyBytes];
        Span<byte> output = stackalloc byte[CryptoSizes.HashBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(salt, _generation);
        BinaryPrimitives.WriteUInt64LittleEndian(salt[sizeof(ulong)..], _streams++);
        _crypto.Random.Fill(inputKey[..CryptoSizes.KeyBytes]);
        secret.Bytes.CopyTo(inputKey[CryptoSizes.KeyBytes..]);
        _crypto.Kdf.Derive(salt, inputKey, _info, output);
        instance = new SenderInstanceId(BinaryPrimitives.ReadUInt64LittleEndian(output));
        CryptographicOperations.ZeroMemory(inputKey);
        CryptographicOperations.ZeroMemory(output);
        return FcpStatus.Accepted;
    }
}
