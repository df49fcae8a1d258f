using System;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>Batches of the engines.</summary>
internal static class CryptoCases
{
    private const int Items = 54, SymbolBytes = 1024, AssociatedBytes = 86, SlotBytes = 1200;

    public static CryptoProvider Crypto { get; } = LibsodiumGate.Open();

    public static Action Seal(AeadAlgorithm algorithm)
    {
        _ = Crypto;
        byte[] key = new byte[32], plain = new byte[Items * SlotBytes], sealedBytes = new byte[plain.Length];
        byte[] nonces = new byte[Items * CryptoSizes.NonceBytes(algorithm)], associated = new byte[Items * AssociatedBytes];
        AeadItem[] items = Layout();
        return () => default(LibsodiumAead).Seal(
            key, new AeadBatch(algorithm, plain, sealedBytes, items, SymbolBytes, nonces, associated, AssociatedBytes, sealing: true));
    }

    public static Action Open(AeadAlgorithm algorithm, bool forged)
    {
        _ = Crypto;
        byte[] key = new byte[32], memory = new byte[Items * SlotBytes], opened = new byte[memory.Length];
        byte[] nonces = new byte[Items * CryptoSizes.NonceBytes(algorithm)], associated = new byte[Items * AssociatedBytes];
        AeadItem[] items = Layout();
        bool[] verdicts = new bool[Items];
        default(LibsodiumAead).Seal(
            key, new AeadBatch(algorithm, memory, memory, items, SymbolBytes, nonces, associated, AssociatedBytes, sealing: true));
        if (forged) memory.AsSpan().Fill(1);
        return () =>
        {
            int count = default(LibsodiumAead).Open(
                key, new AeadBatch(algorithm, memory, opened, items, SymbolBytes, nonces, associated, AssociatedBytes, sealing: false), verdicts);
            if (count != (forged ? 0 : Items)) throw new InvalidOperationException($"{count} items opened");
        };
    }

    public static Action Mac(MacSuite suite)
    {
        byte[] key = new byte[32], data = new byte[Items * SlotBytes], macs = new byte[Items * CryptoSizes.MacBytes];
        MacItem[] items = Enumerable.Range(0, Items).Select(static i => new MacItem((i * SlotBytes) + 15, 1185)).ToArray();
        return () => default(PortableMac).Compute(suite, key, data, items, macs);
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
