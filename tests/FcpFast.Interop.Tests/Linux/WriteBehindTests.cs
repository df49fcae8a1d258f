using System;
using System.IO;
using FcpFast.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.Interop.Tests.Linux;

/// <summary>A file that is written behind holds what was written, in whatever order, on every system.</summary>
public sealed class WriteBehindTests
{
    private const int PieceBytes = 64 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(37)]
    public void Wrote_PiecesInAnyOrder_LosesNothing(int stride)
    {
        const int Pieces = 401; // 25 MiB: three steps, and a rest
        string path = Path.GetTempFileName();
        try
        {
            using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
            {
                var behind = new WriteBehind(file);
                byte[] piece = new byte[PieceBytes];
                for (int i = 0; i < Pieces; i++)
                {
                    int place = (((i * stride) % Pieces) + Pieces) % Pieces;
                    new Random(place).NextBytes(piece);
                    RandomAccess.Write(file, piece, (long)place * PieceBytes);
                    behind.Wrote((long)place * PieceBytes, PieceBytes);
                }

                Assert.Equal(LinuxGate.Fault is null ? Pieces * PieceBytes / WriteBehind.StepBytes : 0, behind.Steps);
            }

            byte[] found = File.ReadAllBytes(path), expected = new byte[PieceBytes];
            Assert.Equal(Pieces * PieceBytes, found.Length);
            for (int place = 0; place < Pieces; place++)
            {
                new Random(place).NextBytes(expected);
                Assert.True(found.AsSpan(place * PieceBytes, PieceBytes).SequenceEqual(expected), $"piece {place}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A pipe has no ranges: the system refuses, and nobody minds.</summary>
    [Fact]
    public void Wrote_WhereTheSystemRefuses_GoesOn()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        using var file = new SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        var behind = new WriteBehind(file);
        for (int i = 0; i < 3; i++) behind.Wrote((long)i * WriteBehind.StepBytes, WriteBehind.StepBytes);
        Assert.InRange(behind.Steps, 0, 1); // it is not asked again
    }

    /// <summary>What the disk refused is said at once: the flush at the end would say nothing.</summary>
    [Fact]
    public void Wrote_WhereTheDiskFails_Throws()
    {
        Assert.SkipUnless(LinuxGate.Fault is null && File.Exists("/dev/null"), "Only on Linux.");
        using var closed = new SafeFileHandle(new IntPtr(int.MaxValue), ownsHandle: false); // a descriptor that is none: EBADF
        var behind = new WriteBehind(closed);
        Assert.Throws<IOException>(() => behind.Wrote(0, WriteBehind.StepBytes));
    }
}
