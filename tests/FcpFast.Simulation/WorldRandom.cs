using System;
using System.Buffers.Binary;
using System.Numerics;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Simulation;

/// <summary>The generator of a world: xoshiro256**, so that a seed means the same on every platform and runtime.</summary>
/// <remarks>Never for a real key: what it gives follows from its seed.</remarks>
public sealed class WorldRandom : IRandomSource
{
    private const ulong HashStart = 0xcbf2_9ce4_8422_2325; // FNV-1a
    private const ulong HashFactor = 0x0000_0100_0000_01b3;

    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts from a seed and a purpose.</summary>
    public WorldRandom(ulong seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        unchecked
        {
            ulong state = seed;
            foreach (char letter in purpose) state = ((state ^ letter) * HashFactor) ^ HashStart;
            _s0 = SplitMix(ref state);
            _s1 = SplitMix(ref state);
            _s2 = SplitMix(ref state);
            _s3 = SplitMix(ref state);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong Next64()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9, t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit) => (int)(((UInt128)Next64() * (ulong)limit) >> 64);

    /// <summary>A number from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public int Next(int first, int last) => first + Next(last - first + 1);

    /// <summary>True in a share of all cases.</summary>
    public bool Chance(double share) => (Next64() >> 11) * (1.0 / (1ul << 53)) < share;

    /// <summary>Random bytes.</summary>
    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) BinaryPrimitives.WriteUInt64LittleEndian(bytes, Next64());
        if (bytes.IsEmpty) return;
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(rest, Next64());
        rest[..bytes.Length].CopyTo(bytes);
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9e37_79b9_7f4a_7c15;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
            z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
            return z ^ (z >> 31);
        }
    }
}
