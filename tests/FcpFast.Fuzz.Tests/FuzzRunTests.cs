using System;
using FcpFast.Fuzz.Runs;

namespace FcpFast.Fuzz.Tests;

/// <summary>The oracles that all targets share do find what they are for.</summary>
public sealed class FuzzRunTests
{
    private static object? _kept;

    [Fact]
    public void One_BodyThatAllocatesMoreThanItsInputAllows_IsAFinding()
    {
        var greedy = new FuzzTarget("greedy", static input => _kept = new byte[1000 * input.Length], static () => []) { AllocatedBytesMax = 1024, AllocatedPerInputByte = 100 };
        FuzzRun.One(greedy, [1]);
        FuzzFinding finding = Assert.Throws<FuzzFinding>(() => FuzzRun.One(greedy, new byte[50]));
        Assert.Contains("greedy", finding.Message);
        Assert.NotNull(_kept);
    }

    [Fact]
    public void One_BodyThatAllocatesOnceAProcess_IsNone()
    {
        bool isMade = false;
        var target = new FuzzTarget(
            "lazy",
            _ =>
            {
                if (!isMade) _kept = new byte[100_000];
                isMade = true;
            },
            static () => []) { AllocatedBytesMax = 1024 };
        FuzzRun.One(target, []);
        Assert.True(isMade);
    }

    [Fact]
    public void One_BodyThatThrows_IsAFinding()
    {
        var target = new FuzzTarget("thrower", static input => throw new InvalidOperationException("a defect"), static () => []);
        Assert.Throws<InvalidOperationException>(() => FuzzRun.One(target, [1]));
    }

    [Fact]
    public void One_InputLongerThanTheTargetTakes_IsCut()
    {
        int seen = -1;
        FuzzRun.One(new FuzzTarget("short", input => seen = input.Length, static () => []) { InputBytesMax = 7 }, new byte[1000]);
        Assert.Equal(7, seen);
    }

    [Fact]
    public void InputRandom_EveryChoice_IsOfTheInputAndWithinItsBounds()
    {
        var random = new InputRandom([200, 3, 0x34, 0x12, 255, 255, 255, 255, 9]);
        Assert.Equal(200, random.Next(256));
        Assert.Equal(0, random.Next(1)); // no choice takes no byte
        Assert.Equal(3, random.Next(10));
        Assert.Equal(0x1234, random.Next(60_000));
        Assert.InRange(random.Next(-5, int.MaxValue), -5, int.MaxValue);
        Assert.Equal(9, random.Next(0, 10));
        Assert.Throws<InputRandom.InputEnded>(() => random.Next(2));
    }

    [Fact]
    public void InputRandom_ModelThatDiffers_IsAFindingAndTheEndIsNone()
    {
        Assert.Throws<FuzzFinding>(() => InputRandom.Run([1], static random => random.Next(2) == 1 ? "differs" : null));
        InputRandom.Run([1], static random => random.Next(2) == 1 && random.Next(2) == 1 ? "differs" : null);
    }
}
