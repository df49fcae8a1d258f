using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The engines that a process runs on, chosen once at start.</summary>
/// <remarks>
/// Shape:   a width, and for each seam whether it runs on kernels of that width. The choice is about the AEAD, which libsodium has too; MACs and
///          hashes run on kernels whatever is chosen, because libsodium has no BLAKE3. An engine that does not agree with the trusted one is off
///          for this process: that is in <see cref="Faults"/>, and the seam goes on without it.
/// Cost:    some milliseconds for the self-tests, and for measuring unless an earlier choice for this machine is given.
/// Threads: immutable.
/// Source:  DESIGN §2.
/// </remarks>
public sealed class EngineSelection
{
    private readonly List<string> _faults = [];
    private readonly int _aeadBits;
    private readonly int _macBits;
    private readonly int _hashBits;

    private EngineSelection(EngineChoice choice, string? remembered, IReadOnlyList<EngineWidth> widths, int seed)
    {
        Aead = default(LibsodiumAead);
        Mac = default(PortableMac);
        EngineWidth? width = widths.Count > 0 ? widths[0] : null;
        bool isWorthwhile = width is not null && choice != EngineChoice.Libsodium;
        if (choice == EngineChoice.Auto && width is not null) (width, isWorthwhile) = Gaining(remembered, widths);
        Remembered = Line(width, isWorthwhile);
        if (width is null) return;
        string? aead = null, mac = null, hash = null; // what differs; side by side, since most of the time goes to compiling
        Parallel.Invoke(
            () => aead = isWorthwhile ? Difference(() => EngineSelfTest.Check(width.Aead, default(LibsodiumAead), seed)) : null,
            () => mac = Difference(() => EngineSelfTest.Check(width.Mac, default(LibsodiumMac), seed)),
            () => hash = Difference(() => EngineSelfTest.Check(width.Blake3, seed)));
        if (Agrees(width, "AEAD", aead) && isWorthwhile) (_aeadBits, Aead) = (width.Bits, width.Aead);
        if (Agrees(width, "MAC", mac)) (_macBits, Mac) = (width.Bits, width.Mac);
        if (Agrees(width, "hash", hash)) (_hashBits, Blake3) = (width.Bits, width.Blake3);
    }

    /// <summary>The AEAD engine.</summary>
    public IAeadEngine Aead { get; }

    /// <summary>The MAC engine.</summary>
    public IMacEngine Mac { get; }

    /// <summary>What long inputs are hashed with; null for portable code.</summary>
    public IBlake3Engine? Blake3 { get; }

    /// <summary>Bits of the vectors that the AEAD runs on; 0 for libsodium.</summary>
    public int AeadBits => _aeadBits;

    /// <summary>Bits of the vectors that the MACs run on; 0 for portable code.</summary>
    public int MacBits => _macBits;

    /// <summary>The AEAD engine's name: <c>libsodium</c>, or such as <c>wide-512</c>.</summary>
    public string AeadName => _aeadBits == 0 ? "libsodium" : Name(_aeadBits);

    /// <summary>The MAC engine's name: <c>portable</c>, or such as <c>wide-512</c>.</summary>
    public string MacName => _macBits == 0 ? "portable" : Name(_macBits);

    /// <summary>The name of what hashes long inputs, as for MACs.</summary>
    public string HashName => _hashBits == 0 ? "portable" : Name(_hashBits);

    /// <summary>What was switched off, and why; empty if nothing was.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>One line of text that makes the next choice on this machine faster.</summary>
    public string Remembered { get; }

    /// <summary>Chooses.</summary>
    /// <param name="choice">What may be chosen.</param>
    /// <param name="remembered">What an earlier choice left in <see cref="Remembered"/>; of no effect if it is of another machine or build.</param>
    public static EngineSelection Choose(EngineChoice choice, string? remembered = null) =>
        Choose(choice, remembered, EngineWidth.Supported(), Random.Shared.Next());

    /// <summary>As above, among other engines.</summary>
    internal static EngineSelection Choose(EngineChoice choice, string? remembered, IReadOnlyList<EngineWidth> widths, int seed) =>
        new(choice, remembered, widths, seed);

    private static string Name(int bits) => string.Create(CultureInfo.InvariantCulture, $"wide-{bits}");

    /// <summary>The widest whose AEAD gains enough over libsodium, if there is one; MACs and hashes gain at every width.</summary>
    private static (EngineWidth Width, bool IsWorthwhile) Gaining(string? remembered, IReadOnlyList<EngineWidth> widths)
    {
        foreach (EngineWidth width in widths)
        {
            if (remembered == Line(width, isWorthwhile: true)) return (width, true);
            if (remembered == Line(width, isWorthwhile: false)) return (width, false);
        }

        foreach (EngineWidth width in widths)
        {
            if (EngineProfit.Of(width.Aead, default(LibsodiumAead)) >= EngineProfit.Least) return (width, true);
        }

        return (widths[0], false);
    }

    /// <summary>A choice, with all that it may depend on.</summary>
    private static string Line(EngineWidth? width, bool isWorthwhile)
    {
        string machine = string.Join(' ', EngineWidth.Supported().Select(static supported => supported.Bits));
        string build = typeof(EngineSelection).Assembly.GetName().Version + " " + typeof(EngineSelection).Module.ModuleVersionId.ToString("N")[..8];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{width?.Bits ?? 0} {(isWorthwhile ? "aead" : "-")} | {RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture} | {CpuBrand.Read()} {machine} | {build}");
    }

    /// <summary>The answer of a self-test; an engine that throws differs, too.</summary>
    private static string? Difference(Func<string?> test)
    {
        try
        {
            return test();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private bool Agrees(EngineWidth width, string seam, string? difference)
    {
        if (difference is null) return true;
        _faults.Add($"the {seam} engine {Name(width.Bits)} is off: {difference}");
        return false;
    }
}
