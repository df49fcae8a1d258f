using System;
using System.Linq;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace FcpFast.Allocation.Tests;

/// <summary>[STYLE 4], [STYLE 7]: the hot path allocates nothing. A new case is one line in <see cref="AllocationCases"/>.</summary>
public sealed class AllocationTests
{
    private static object? _escape;

    public static TheoryData<string> Names => [.. AllocationCases.All.Select(static subject => subject.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_WarmedUp_AllocatesNothing(string name)
    {
        long[] windows = AllocationProbe.Measure(AllocationCases.All.Single(subject => subject.Name == name));
        Assert.True(AllocationProbe.IsQuiet(windows), $"{name} allocated in every second window: {string.Join(' ', windows)} bytes");
    }

    [Fact]
    public void Control_AnObjectThatEscapes_NeverReadsZero()
    {
        long[] windows = AllocationProbe.Measure(new AllocationCase("control, an object a step", static () => static () => _escape = new object()));
        Assert.NotNull(_escape);
        Assert.All(windows, static bytes => Assert.True(bytes >= 1000 * 16, $"a window of 1000 objects read {bytes} bytes"));
    }

    [Fact]
    public void Control_OneObjectInAThousandSteps_IsSeenInEveryWindow()
    {
        long[] windows = AllocationProbe.Measure(new AllocationCase("control, an object a thousand steps", static () =>
        {
            int step = 0;
            return () =>
            {
                if (step++ % 1000 == 500) _escape = new object();
            };
        }));
        Assert.False(AllocationProbe.IsQuiet(windows));
        Assert.DoesNotContain(0, windows);
    }

    [Fact]
    public void Control_AFaultInACase_ReachesTheTest() => Assert.Throws<InvalidTimeZoneException>(static () =>
        AllocationProbe.Measure(new AllocationCase("control, a fault", static () => throw new InvalidTimeZoneException())));

    [Theory]
    [InlineData(true, 0, 0, 1, 1, 1, 1)]
    [InlineData(true, 1, 0, 1, 1, 0, 0)]
    [InlineData(false, 0, 1, 0, 1, 0, 1)]
    [InlineData(false, 1, 1, 1, 1, 1, 0)]
    public void IsQuiet_Windows_AsksForTwoInARow(bool quiet, params int[] windows) =>
        Assert.Equal(quiet, AllocationProbe.IsQuiet(windows.Select(static bytes => (long)bytes).ToArray()));
}
