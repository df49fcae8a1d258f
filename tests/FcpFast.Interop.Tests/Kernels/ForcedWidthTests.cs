using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>[STYLE 5]: the kernel tests again, in processes whose runtime is told to use narrower vectors; each asserts the width it has.</summary>
public sealed partial class ForcedWidthTests
{
    private const string ExpectedWidth = "FCPFAST_EXPECTED_WIDTH";
    private const string Namespace = "FcpFast.Interop.Tests.Kernels";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private static bool IsChild => Environment.GetEnvironmentVariable(ExpectedWidth) is not null;

    /// <summary>Runs in every process; in a forced one it says whether the switch did anything.</summary>
    [Fact]
    public void Width_OfAForcedProcess_IsTheOneExpected()
    {
        int widest = Widths.Widest(128, 256, 512);
        if (Environment.GetEnvironmentVariable(ExpectedWidth) is { } expected) Assert.Equal(int.Parse(expected, CultureInfo.InvariantCulture), widest);
        else Assert.True(widest >= 128);
    }

    /// <summary>256 bits without what AVX-512 adds to them; 128 bits without what AVX2 and AVX-512 add; no vectors at all, where everything is slow.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256, 1700)]
    [InlineData("DOTNET_EnableAVX2", 128, 35, "LanesTests", "DifferentialAeadTests", "DifferentialMacTests", "MemoryBoundsTests", "PublishedVectorsTests", "Poly1305LanesTests", "Poly1305ResidueTests", "MessageBoundariesTests", "WideBlake3Tests", "EngineSelectionTests", "ForcedWidthTests")]
    [InlineData("DOTNET_EnableHWIntrinsic", 128, 30, "LanesTests", "DifferentialAeadTests", "DifferentialMacTests", "PublishedVectorsTests", "Poly1305LanesTests", "Poly1305ResidueTests", "EngineSelectionTests", "ForcedWidthTests")]
    public async Task Tests_WithNarrowerVectors_Pass(string variable, int bits, int least, params string[] classes)
    {
        Assert.SkipWhen(IsChild, "This is the run with narrower vectors.");
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The switches are those of x64; arm64 has one width.");
        int expected = Math.Min(bits, Widths.Widest(128, 256, 512));
        List<string> arguments = [typeof(ForcedWidthTests).Assembly.Location, "-noLogo", "-noColor", "-parallel", "none"];
        if (classes.Length == 0) arguments.AddRange(["-namespace", Namespace]);
        foreach (string name in classes) arguments.AddRange(["-class", $"{Namespace}.{name}"]);
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[variable] = "0";
        start.Environment[ExpectedWidth] = expected.ToString(CultureInfo.InvariantCulture);
        start.Environment["FCPFAST_DIFFERENTIAL_CASES"] = "60";

        using Process process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token), errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            string said = await output + await errors;
            Match summary = Summary().Match(said);
            Assert.True(summary.Success && process.ExitCode == 0 && summary.Groups["failed"].Value == "0" && summary.Groups["errors"].Value == "0", said);
            int ran = int.Parse(summary.Groups["total"].Value, CultureInfo.InvariantCulture) - int.Parse(summary.Groups["skipped"].Value, CultureInfo.InvariantCulture);
            Assert.True(ran >= Math.Min(least, expected == bits ? least : 30), $"{ran} tests ran: {said}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)")]
    private static partial Regex Summary();
}
