using System;
using System.Linq;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>Batches of the engines.</summary>
internal static class CryptoCases
{
    private const int Items = 54, SymbolBytes = 1024, AssociatedBytes = 86, SlotBytes = 1200;

    public static CryptoProvider Crypto { get; } = LibsodiumGate.Open();

    public static Action Seal<TAead>(AeadAlgorithm algorithm, int items = Items)
        where TAead : struct, IAeadEngine
    {
        _ = Crypto;
        byte[] key = new byte[32], plain = new byte[items * SlotBytes], sealedBytes = new byte[plain.Length];
        byte[] nonces = new byte[items * CryptoSizes.NonceBytes(algorithm)], associated = new byte[items * AssociatedBytes];
        AeadItem[] places = Layout()[..items];
        return () => default(TAead).Seal(
            key, new AeadBatch(algorithm, plain, sealedBytes, places, SymbolBytes, nonces, associated, AssociatedBytes, sealing: true));
    }

    public static Action Open<TAead>(AeadAlgorithm algorithm, bool forged, int items = Items)
        where TAead : struct, IAeadEngine
    {
        _ = Crypto;
        byte[] key = new byte[32], memory = new byte[items * SlotBytes], opened = new byte[memory.Length];
        byte[] nonces = new byte[items * CryptoSizes.NonceBytes(algorithm)], associated = new byte[items * AssociatedBytes];
        AeadItem[] places = Layout()[..items];
        bool[] verdicts = new bool[items];
        default(TAead).Seal(
            key, new AeadBatch(algorithm, memory, memory, places, SymbolBytes, nonces, associated, AssociatedBytes, sealing: true));
        if (forged) memory.AsSpan().Fill(1);
        return () =>
        {
            int count = default(TAead).Open(
                key, new AeadBatch(algorithm, memory, opened, places, SymbolBytes, nonces, associated, AssociatedBytes, sealing: false), verdicts);
            if (count != (forged ? 0 : items)) throw new InvalidOperationException($"{count} items opened");
        };
    }

    public static Action Mac<TMac>(MacSuite suite)
        where TMac : struct, IMacEngine
    {
        byte[] key = new byte[default(TMac).PreparedKeyBytes(suite)], data = new byte[Items * SlotBytes], macs = new byte[Items * CryptoSizes.MacBytes];
        MacItem[] items = Enumerable.Range(0, Items).Select(static i => new MacItem((i * SlotBytes) + 15, 1185)).ToArray();
        return () => default(TMac).Compute(suite, key, data, items, macs);
    }

    public static Action Hash<TWidth>()
        where TWidth : struct, IKernelWidth
    {
        byte[] input = new byte[200_000], hash = new byte[32];
        var hasher = new Blake3Hasher(new WideBlake3<TWidth>());
        return () =>
        {
            hasher.Reset(hash);
            hasher.Update(input);
            hasher.Finish(hash);
            hasher.Erase();
        };
    }

    public static Action Lease()
    {
        SecretKey key = Crypto.Vault.Import(new byte[32]);
        return () =>
        {
            using KeyLease lease = key.Lease();
            if (!lease.IsLive || lease.Bytes.Length != 32) throw new InvalidOperationException("no key");
        };
    }

    private static AeadItem[] Layout() => Enumerable.Range(0, Items).Select(static i => new AeadItem(i * SlotBytes, i * SlotBytes)).ToArray();
}
