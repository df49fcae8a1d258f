using System;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>The choice of engines: what agrees is used, what does not is switched off by name, and a measurement is made once.</summary>
public sealed class EngineSelectionTests
{
    private static readonly CryptoProvider Crypto = Bound.Crypto;

    private static EngineWidth Right => new(
        128, default(WideAead<Width128>), default(WideMac<Width128>), new WideBlake3<Width128>());

    [Fact]
    public void Choose_Libsodium_SealsWithItAndKeepsTheKernelsThatItDoesNotHave()
    {
        var aead = new BrokenAead("throws");
        EngineSelection engines = EngineSelection.Choose(EngineChoice.Libsodium, null, [Right with { Aead = aead }], seed: 11);
        Assert.Equal(("libsodium", "wide-128", "wide-128"), (engines.AeadName, engines.MacName, engines.HashName));
        Assert.IsType<LibsodiumAead>(engines.Aead);
        Assert.IsType<WideMac<Width128>>(engines.Mac);
        Assert.IsType<WideBlake3<Width128>>(engines.Blake3);
        Assert.Equal((0, 128), (engines.AeadBits, engines.MacBits));
        Assert.Empty(engines.Faults);
        Assert.Equal(0, aead.Calls); // what is not used is not tested either
    }

    [Fact]
    public void Choose_Wide_TakesTheWidestThereIs()
    {
        Assert.SkipUnless(EngineWidth.Supported().Count > 0, "This processor has no vectors.");
        EngineSelection engines = EngineSelection.Choose(EngineChoice.Wide);
        int bits = Widths.Widest(128, 256, 512);
        Assert.Equal(($"wide-{bits}", $"wide-{bits}", $"wide-{bits}"), (engines.AeadName, engines.MacName, engines.HashName));
        Assert.Equal((bits, bits), (engines.AeadBits, engines.MacBits));
        Assert.Equal(Widths.Widest<object>(default(WideAead<Width128>), default(WideAead<Width256>), default(WideAead<Width512>)), engines.Aead);
        Assert.Empty(engines.Faults);
    }

    [Fact]
    public void Choose_WithoutAnyVectors_TakesNoKernel()
    {
        foreach (EngineChoice choice in Enum.GetValues<EngineChoice>())
        {
            EngineSelection engines = EngineSelection.Choose(choice, null, [], seed: 1);
            Assert.Equal(("libsodium", "portable", "portable"), (engines.AeadName, engines.MacName, engines.HashName));
        }
    }

    [Theory]
    [InlineData("tag of the last lane")]
    [InlineData("extended nonces")]
    [InlineData("partial blocks")]
    [InlineData("single messages")]
    [InlineData("counts")]
    [InlineData("accepts forgeries")]
    [InlineData("leaves plaintext")]
    [InlineData("throws")]
    public void Choose_AnAeadThatIsWrong_SaysSoOnceAndGoesOnWithLibsodium(string flaw)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            EngineSelection engines = EngineSelection.Choose(EngineChoice.Wide, null, [Right with { Aead = new BrokenAead(flaw) }], seed);
            Assert.Equal(("libsodium", "wide-128", "wide-128"), (engines.AeadName, engines.MacName, engines.HashName));
            Assert.IsType<LibsodiumAead>(engines.Aead);
            string fault = Assert.Single(engines.Faults);
            Assert.StartsWith("the AEAD engine wide-128 is off: ", fault);
            Assert.Contains(flaw == "throws" ? "a kernel broke" : $"differs (seed {seed})", fault);
        }
    }

    [Theory]
    [InlineData(MacSuite.HmacSha256)]
    [InlineData(MacSuite.Blake3)]
    public void Choose_AMacThatIsWrong_GoesOnWithThePortableOne(MacSuite suite)
    {
        EngineSelection engines = EngineSelection.Choose(EngineChoice.Wide, null, [Right with { Mac = new BrokenMac(suite) }], seed: 2);
        Assert.Equal(("wide-128", "portable", "wide-128"), (engines.AeadName, engines.MacName, engines.HashName));
        Assert.IsType<PortableMac>(engines.Mac);
        Assert.StartsWith("the MAC engine wide-128 is off: " + suite, Assert.Single(engines.Faults));
    }

    [Fact]
    public void Choose_AHashThatIsWrong_GoesOnWithPortableCode()
    {
        EngineSelection engines = EngineSelection.Choose(EngineChoice.Wide, null, [Right with { Blake3 = new BrokenBlake3() }], seed: 3);
        Assert.Equal(("wide-128", "wide-128", "portable"), (engines.AeadName, engines.MacName, engines.HashName));
        Assert.Null(engines.Blake3);
        Assert.StartsWith("the hash engine wide-128 is off: BLAKE3 of", Assert.Single(engines.Faults));
    }

    [Fact]
    public void Choose_AutoOverASlowEngine_MeasuresOnceAndRemembers()
    {
        var slow = new BrokenAead("slow");
        EngineWidth[] widths = [Right with { Aead = slow }];
        EngineSelection measured = EngineSelection.Choose(EngineChoice.Auto, null, widths, seed: 4);
        Assert.Equal(("libsodium", "wide-128"), (measured.AeadName, measured.MacName));
        Assert.Empty(measured.Faults);
        int calls = slow.Calls;
        Assert.True(calls > 0);

        EngineSelection again = EngineSelection.Choose(EngineChoice.Auto, measured.Remembered, widths, seed: 5);
        Assert.Equal("libsodium", again.AeadName);
        Assert.Equal(calls, slow.Calls); // neither measured nor tested, since it is not used
        Assert.Equal(measured.Remembered, again.Remembered);

        Assert.Equal("libsodium", EngineSelection.Choose(EngineChoice.Auto, measured.Remembered + " of another machine", widths, seed: 6).AeadName);
        Assert.True(slow.Calls > calls);
        Assert.Equal("wide-128", EngineSelection.Choose(EngineChoice.Wide, measured.Remembered, widths, seed: 7).AeadName); // asked for by name
    }

    [Fact]
    public void Choose_AutoThatRemembersAGain_StillHoldsTheEngineAgainstLibsodium()
    {
        string remembered = EngineSelection.Choose(EngineChoice.Wide, null, [Right], seed: 8).Remembered;
        Assert.Equal("wide-128", EngineSelection.Choose(EngineChoice.Auto, remembered, [Right], seed: 9).AeadName);
        EngineSelection engines = EngineSelection.Choose(EngineChoice.Auto, remembered, [Right with { Aead = new BrokenAead("accepts forgeries") }], seed: 10);
        Assert.Equal("libsodium", engines.AeadName);
        Assert.Single(engines.Faults);
    }

    [Fact]
    public void Check_TheTrustedOnes_FindsNoDifference()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Null(EngineSelfTest.Check(Crypto.Aead, default(LibsodiumAead), seed));
            Assert.Null(EngineSelfTest.Check(Crypto.Mac, default(PortableMac), seed));
        }
    }

    [Fact]
    public void Remembered_OfAChoice_IsOneLine() =>
        Assert.DoesNotContain(EngineSelection.Choose(EngineChoice.Auto).Remembered, character => char.IsControl(character) || character > '~');
}
