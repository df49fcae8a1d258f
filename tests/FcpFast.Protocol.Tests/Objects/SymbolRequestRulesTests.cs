using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.5], [WIRE §16.6]: what a request may ask, and what is sent for it.</summary>
public sealed class SymbolRequestRulesTests
{
    [Theory]
    [InlineData(new uint[] { }, FcpStatus.Accepted)]
    [InlineData(new uint[] { 0 }, FcpStatus.Accepted)]
    [InlineData(new uint[] { 0, 1, 16_777_215 }, FcpStatus.Accepted)]
    [InlineData(new uint[] { 16_777_216 }, FcpStatus.InvalidRequest)]
    [InlineData(new uint[] { 1, 1 }, FcpStatus.InvalidRequest)]
    [InlineData(new uint[] { 2, 1 }, FcpStatus.InvalidRequest)]
    [InlineData(new uint[] { 0, 5, 4 }, FcpStatus.InvalidRequest)]
    public void Check_Hint_RisesBelowTheLimit(uint[] hint, FcpStatus expected)
    {
        Assert.Equal(expected, Check(5, hint, isAuthenticated: true));
        Assert.Equal(expected, new DecodeStatus { MissingHint = new MissingHint(hint) }.Check());
    }

    [Fact]
    public void Check_Hint_UpTo100Entries()
    {
        uint[] hint = [.. Enumerable.Range(0, 101).Select(static i => (uint)i)];
        Assert.Equal(FcpStatus.Accepted, Check(5, hint[..100], isAuthenticated: true));
        Assert.Equal(FcpStatus.HintTooLarge, Check(5, hint, isAuthenticated: true));
        Assert.Equal(FcpStatus.HintTooLarge, Check(0, hint, isAuthenticated: true)); // before what is asked
    }

    [Fact]
    public void Check_ParsedHintOfThousands_RefusedWithoutAnyWork()
    {
        uint[] hint = [.. Enumerable.Range(0, 50_000).Select(static i => (uint)i)];
        var writer = new CborWriter();
        new SymbolRequest
        {
            Address = new ObjectAddress(default, "z:work"u8, default, default), MaxSymbols = 1, MissingHint = new MissingHint(hint),
            Signature = new byte[64],
        }.Write(writer);
        Assert.Equal(FcpStatus.Accepted, SymbolRequest.Parse(writer.Written, out SymbolRequest request));
        Assert.Equal(50_000, request.MissingHint.Count);
        Assert.Equal(FcpStatus.HintTooLarge, SymbolRequestRules.Check(request, isAuthenticated: true, needsAuthentication: true));
    }

    [Theory]
    [InlineData(0u, true, FcpStatus.InvalidRequest)]
    [InlineData(0u, false, FcpStatus.InvalidRequest)]
    [InlineData(32u, false, FcpStatus.Accepted)]
    [InlineData(33u, false, FcpStatus.BoundsExceeded)]
    [InlineData(uint.MaxValue, false, FcpStatus.BoundsExceeded)]
    [InlineData(uint.MaxValue, true, FcpStatus.Accepted)]
    public void Check_MaxSymbols_IsBoundedForStrangers(uint maxSymbols, bool isAuthenticated, FcpStatus expected) =>
        Assert.Equal(expected, Check(maxSymbols, [], isAuthenticated));

    [Fact]
    public void Check_AuthenticationNeeded_IsTheFirstRefusal()
    {
        var request = new SymbolRequest { MaxSymbols = 0, MissingHint = new MissingHint(new uint[101]) };
        Assert.Equal(FcpStatus.AuthenticationRequired, SymbolRequestRules.Check(request, isAuthenticated: false, needsAuthentication: true));
        Assert.Equal(FcpStatus.HintTooLarge, SymbolRequestRules.Check(request, isAuthenticated: false, needsAuthentication: false));
    }

    [Theory]
    [InlineData(5u, false, true, 5u)]
    [InlineData(32u, false, false, 32u)]
    [InlineData(99u, true, false, 99u)]
    [InlineData(101u, true, false, 100u)] // no proof of need
    [InlineData(101u, true, true, 101u)]
    [InlineData(5_000u, true, true, 1_000u)]
    public void ResponseSymbolsMax_ByAskerAndHint(uint maxSymbols, bool isAuthenticated, bool hasHint, uint expected)
    {
        var request = new SymbolRequest { MaxSymbols = maxSymbols, MissingHint = hasHint ? new MissingHint([1]) : default };
        Assert.Equal(expected, SymbolRequestRules.ResponseSymbolsMax(request, isAuthenticated));
    }

    private static FcpStatus Check(uint maxSymbols, uint[] hint, bool isAuthenticated) => SymbolRequestRules.Check(
        new SymbolRequest { MaxSymbols = maxSymbols, MissingHint = new MissingHint(hint) }, isAuthenticated, needsAuthentication: false);
}
