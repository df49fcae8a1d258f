using System.Collections.Generic;
using FcpFast.Allocation.Tests.Cases;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Allocation.Tests;

/// <summary>Everything that is measured: one line a case.</summary>
internal static class AllocationCases
{
    public static IReadOnlyList<AllocationCase> All { get; } =
    [
        new("datagram and frame, parsed and checked", WireCases.ParseFrame),
        new("frame of 256 symbols whose ESIs descend", WireCases.ParseDescendingFrame, 50),
        new("frame and datagram headers, written", WireCases.WriteHeaders),
        new("control frame header, parsed", WireCases.ParseFcpc),
        new("replay window, check and commit", ReplayCases.CheckAndCommit),
        new("replay window, jumps and refusals", ReplayCases.JumpsAndRefusals),
        new("sequencer, take", ReplayCases.Take),
        new("libsodium, 54 symbols sealed, ChaCha20-Poly1305", static () => CryptoCases.Seal<LibsodiumAead>(AeadAlgorithm.ChaCha20Poly1305), 20),
        new("libsodium, 54 symbols opened, ChaCha20-Poly1305", static () => CryptoCases.Open<LibsodiumAead>(AeadAlgorithm.ChaCha20Poly1305, forged: false), 20),
        new("libsodium, 54 symbols refused, ChaCha20-Poly1305", static () => CryptoCases.Open<LibsodiumAead>(AeadAlgorithm.ChaCha20Poly1305, forged: true), 20),
        new("libsodium, 54 symbols sealed, XChaCha20-Poly1305", static () => CryptoCases.Seal<LibsodiumAead>(AeadAlgorithm.XChaCha20Poly1305), 20),
        new("libsodium, 54 symbols opened, XChaCha20-Poly1305", static () => CryptoCases.Open<LibsodiumAead>(AeadAlgorithm.XChaCha20Poly1305, forged: false), 20),
        new("portable MAC, 54 datagrams, suite 1", static () => CryptoCases.Mac<PortableMac>(MacSuite.HmacSha256), 20),
        new("portable MAC, 54 datagrams, suite 2", static () => CryptoCases.Mac<PortableMac>(MacSuite.Blake3), 20),
        .. KernelCases<Width128>(),
        .. KernelCases<Width256>(),
        .. KernelCases<Width512>(),
        new("54 frames sealed, suite 1", static () => PathCases.Seal(MacSuite.HmacSha256), 20),
        new("54 frames sealed, suite 2", static () => PathCases.Seal(MacSuite.Blake3), 20),
        new("54 frames sealed, verified and opened, suite 1", static () => PathCases.SealAndOpen(MacSuite.HmacSha256), 20),
        new("54 frames sealed, verified and opened, suite 2", static () => PathCases.SealAndOpen(MacSuite.Blake3), 20),
        new("54 frames replayed", PathCases.RefuseReplays, 20),
        new("54 frames forged", PathCases.RefuseForgeries, 20),
        new("54 frames with spoiled symbols", PathCases.RefuseSpoiled, 20),
        new("54 frames passed on", PathCases.PassOn, 20),
        new("guarded key, leased", CryptoCases.Lease),
        new("HKDF, a symbol subkey", KeyCases.DeriveSubkey, 100),
        new("subkey cache, hits", KeyCases.CacheHit),
        new("symbol nonces and associated data", KeyCases.NonceAndAssociatedData),
        new("zone key ring, look-up and epoch", KeyCases.FindInRing),
        new("Hello, parsed", SessionCases.ParseHello),
        new("Hello without a valid cookie, answered", SessionCases.AnswerWithRetry, 100),
        new("canonical CBOR, validated", SessionCases.ValidateCbor),
        new("canonical CBOR, refused", SessionCases.RefuseCbor),
        new("status counters", SessionCases.Count),
    ];

    /// <summary>The kernels of one width, if this processor has it.</summary>
    private static AllocationCase[] KernelCases<TWidth>()
        where TWidth : struct, IKernelWidth
    {
        if (!TWidth.IsSupported) return [];
        string width = $"{TWidth.Bits} bits";
        return
        [
            new($"{width}, 54 symbols sealed, ChaCha20-Poly1305", static () => CryptoCases.Seal<WideAead<TWidth>>(AeadAlgorithm.ChaCha20Poly1305), 20),
            new($"{width}, 54 symbols opened, XChaCha20-Poly1305", static () => CryptoCases.Open<WideAead<TWidth>>(AeadAlgorithm.XChaCha20Poly1305, forged: false), 20),
            new($"{width}, 54 symbols refused, ChaCha20-Poly1305", static () => CryptoCases.Open<WideAead<TWidth>>(AeadAlgorithm.ChaCha20Poly1305, forged: true), 20),
            new($"{width}, a symbol sealed, ChaCha20-Poly1305", static () => CryptoCases.Seal<WideAead<TWidth>>(AeadAlgorithm.ChaCha20Poly1305, items: 1), 200),
            new($"{width}, a symbol opened, XChaCha20-Poly1305", static () => CryptoCases.Open<WideAead<TWidth>>(AeadAlgorithm.XChaCha20Poly1305, forged: false, items: 1), 200),
            new($"{width}, a symbol refused, ChaCha20-Poly1305", static () => CryptoCases.Open<WideAead<TWidth>>(AeadAlgorithm.ChaCha20Poly1305, forged: true, items: 1), 200),
            new($"{width}, MACs of 54 datagrams, suite 1", static () => CryptoCases.Mac<WideMac<TWidth>>(MacSuite.HmacSha256), 20),
            new($"{width}, MACs of 54 datagrams, suite 2", static () => CryptoCases.Mac<WideMac<TWidth>>(MacSuite.Blake3), 20),
            new($"{width}, BLAKE3 of 200,000 bytes", CryptoCases.Hash<TWidth>, 20),
        ];
    }
}
