using System;
using FcpFast.Host;

namespace FcpFast.Tests.Host;

/// <summary>[REPLAY §5.1]: a limit that is too low is told.</summary>
public sealed class LockedMemoryTests
{
    [Theory]
    [InlineData("Max locked memory         0                    0                    bytes", true)]
    [InlineData("Max locked memory         65536                65536                bytes", true)]
    [InlineData("Max locked memory         1048576              unlimited            bytes", false)]
    [InlineData("Max locked memory         unlimited            unlimited            bytes", false)]
    [InlineData("Max open files            0                    0                    files", false)]
    public void Judge_ALimit_TellsWhatIsTooLow(string line, bool isFault)
    {
        string? fault = LockedMemory.Judge($"Limit                     Soft Limit           Hard Limit           Units\n{line}\n");
        Assert.Equal(isFault, fault is not null);
        if (isFault) Assert.Contains("swapped out", fault, StringComparison.Ordinal);
    }
}
