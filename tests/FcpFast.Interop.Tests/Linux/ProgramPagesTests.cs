using System;
using System.IO;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Linux;

/// <summary>Only what is the program's file alone is given back, and the process goes on with the same bytes.</summary>
public sealed class ProgramPagesTests
{
    [Fact]
    public void GiveBack_InTheMiddleOfWork_LeavesEverythingAsItWas()
    {
        Span<byte> before = stackalloc byte[CryptoSizes.HashBytes], after = stackalloc byte[CryptoSizes.HashBytes];
        byte[] input = new byte[100_000];
        new Random(1).NextBytes(input);
        Blake3Hasher.Hash([], input, before);
        for (int i = 0; i < 3; i++)
        {
            long bytes = ProgramPages.GiveBack();
            if (i == 0) Assert.Equal(LinuxGate.Fault is null, bytes > 0); // later ones find what was touched meanwhile
            Blake3Hasher.Hash([], input, after);
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public void Read_OfMappings_TakesThoseOfTheProgramThatCannotBeWrittenAndHoldNoOtherPage()
    {
        const string Program = "/opt/a program";
        string[] lines =
        [
            $"55d0c0a00000-55d0c0c00000 r-xp 00021000 fe:00 1234    {Program}", "Size: 2048 kB", "Rss:                1500 kB", "Anonymous:             0 kB", "Swap:                  0 kB", "VmFlags: rd ex mr",
            $"55d0c0c00000-55d0c0d00000 r--p 00221000 fe:00 1234    {Program}", "Rss:                 100 kB", "Anonymous:             4 kB", "Swap:                  0 kB", // relocated
            $"55d0c0d00000-55d0c0e00000 r--p 00321000 fe:00 1234    {Program}", "Rss:                 100 kB", "Anonymous:             0 kB", "Swap:                  4 kB", // relocated, and swapped out
            $"55d0c0e00000-55d0c0f00000 rw-p 00421000 fe:00 1234    {Program}", "Rss:                 100 kB", "Anonymous:             0 kB", "Swap:                  0 kB",
            $"55d0c0f00000-55d0c1000000 r--s 00000000 fe:00 1234    {Program}", "Rss:                 100 kB", "Anonymous:             0 kB", "Swap:                  0 kB",
            "7f0000000000-7f0000100000 r--p 00000000 00:00 0", "Rss:                 100 kB", "Anonymous:             0 kB", "Swap:                  0 kB",
            "7ffd00d97000-7ffd00d99000 r-xp 00000000 00:00 0       [vdso]", "Rss:                   4 kB", "Anonymous:             0 kB", "Swap:                  0 kB",
            "7f0000200000-7f0000300000 r--p 00000000 fe:00 77      /usr/lib/another.so", "Rss:                 100 kB", "Anonymous:             0 kB", "Swap:                  0 kB",
            $"7f0000300000-7f0000400000 r--p 00000000 fe:00 1234    {Program} (deleted)", "Rss:                 100 kB", "Anonymous:             0 kB", "Swap:                  0 kB",
            $"7f0000400000-7f0000500000 r--p 00000000 fe:00 1234    {Program}", "Rss:                 100 kB", "Swap:                  0 kB", // a system that tells less
            "garbage", $"7f00-7e00 r--p 00000000 fe:00 77 {Program}", $"xyz-7e00 r--p 00000000 fe:00 77 {Program}", "Anonymous:           many kB",
        ];
        ProgramPages.Mapping[] found = [.. ProgramPages.Read(lines)];
        Assert.Equal(10, found.Length);
        ProgramPages.Mapping only = Assert.Single(found, static one => one.IsOf(Program));
        Assert.Equal((0x55d0c0a00000u, 0x55d0c0c00000u, 1500L * 1024), (only.Start, only.End, only.ResidentBytes));
    }

    [Fact]
    public void Read_OfThisProcess_SeesItsProgram()
    {
        if (LinuxGate.Fault is not null) Assert.Skip("this system lists no mappings");
        ProgramPages.Mapping[] found = [.. ProgramPages.Read(File.ReadLines("/proc/self/smaps"))];
        Assert.Contains(found, static one => one.IsOf(Environment.ProcessPath!));
        Assert.Contains(found, static one => !one.IsReadOnly);
        Assert.All(found, static one => Assert.True(one.OwnBytes >= 0 && one.SwappedBytes >= 0 && one.ResidentBytes <= (long)(one.End - one.Start)));
    }
}
