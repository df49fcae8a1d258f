using System;
using System.Text;
using FcpFast.Interop.Memory;
using FcpFast.Interop.Platform;
using FcpFast.Protocol.Crypto;
using Sodium;

namespace FcpFast.Interop.Libsodium;

/// <summary>The start-up gate: finds libsodium, proves that it is the library expected, and binds the seams to it.</summary>
/// <remarks>
/// Errors:  <see cref="PlatformNotSupportedException"/> whose message states what was expected, what was found and the remedy.
/// Threads: any; the checks run at each call and cost well under a millisecond.
/// Source:  [libsodium core.h], [RFC 8439 §2.8.2].
/// </remarks>
public static class LibsodiumGate
{
    /// <summary>The oldest library taken: the first with HKDF.</summary>
    public static Version OldestVersion { get; } = new(1, 0, 19);

    /// <summary>Opens the gate and returns the seams, bound to libsodium and guarded memory.</summary>
    public static CryptoProvider Open()
    {
        RequireVersion(Load(Start));
        RequireConstants(LibsodiumPrimitives.Constants());
        Require(SealsAsTheStandardSays(), "the ciphertext of RFC 8439 section 2.8.2", "another one");
        var primitives = new LibsodiumPrimitives();
        return new CryptoProvider(
            primitives, primitives, primitives, primitives, new GuardedKeyVault(), default(LibsodiumAead), default(PortableMac),
            new SodiumPasswordKdf())
        {
            Aes128Gcm = new PlatformAesGcm(),
        };
    }

    /// <summary>Runs <paramref name="start"/> and returns the library's version; an absent or foreign library is said with its remedy.</summary>
    internal static string Load(Func<string?> start)
    {
        try
        {
            return start() ?? "unknown";
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new PlatformNotSupportedException(
                "libsodium could not be loaded. Expected: the library that the NuGet package 'libsodium' brings, beside this program. " +
                "Remedy: publish for this platform's runtime identifier, or put libsodium beside the program.", e);
        }
    }

    /// <summary>The library's version: not before the oldest with HKDF, and of the same binary interface.</summary>
    internal static void RequireVersion(string version) =>
        Require(Version.TryParse(version, out Version? parsed) && parsed >= OldestVersion && parsed.Major == OldestVersion.Major,
            $"version {OldestVersion} or later", version);

    /// <summary>The library's own figures for the constants that this build relies on.</summary>
    internal static void RequireConstants((string Name, nuint Expected, nuint Found)[] constants)
    {
        foreach ((string name, nuint expected, nuint found) in constants)
        {
            Require(expected == found, $"{name} = {expected}", found.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static string? Start()
    {
        SodiumCore.Init();
        return SodiumCore.SodiumVersionString();
    }

    private static bool SealsAsTheStandardSays()
    {
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        for (int i = 0; i < key.Length; i++) key[i] = (byte)(0x80 + i);
        ReadOnlySpan<byte> nonce = [0x07, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47];
        ReadOnlySpan<byte> associated = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        ReadOnlySpan<byte> tag = [0x1a, 0xe1, 0x0b, 0x59, 0x4f, 0x09, 0xe2, 0x6a, 0x7e, 0x90, 0x2e, 0xcb, 0xd0, 0x60, 0x06, 0x91];
        byte[] plaintext = Encoding.ASCII.GetBytes(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        byte[] sealedBytes = new byte[plaintext.Length + CryptoSizes.TagBytes];
        default(LibsodiumAead).SealOne(AeadAlgorithm.ChaCha20Poly1305, key, nonce, associated, plaintext, sealedBytes);
        return sealedBytes.AsSpan(plaintext.Length).SequenceEqual(tag);
    }

    private static void Require(bool holds, string expected, string found)
    {
        if (holds) return;
        throw new PlatformNotSupportedException(
            $"libsodium is not usable. Expected: {expected}. Found: {found}. " +
            "Remedy: remove other copies of libsodium from the program's folder and restore the NuGet package 'libsodium'.");
    }
}
