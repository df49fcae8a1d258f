using System;
using System.IO;
using FcpFast.Host;

namespace FcpFast.Tests.Host;

/// <summary>[REPLAY §5.5]: a witness lies on another file system than the state.</summary>
public sealed class MountsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/srv/state", "/srv/witness", true)]
    [InlineData("/srv/state", "/run/witness", false)]
    [InlineData("/run/state", "/run/fcpfast/deep/witness", true)]
    [InlineData("/srv/state", "/runner/witness", true)] // not below /run
    [InlineData("/run", "/run/witness", true)]
    [InlineData("/srv/state", "/mnt/old/witness", true)] // the later mount of a place hides the earlier one
    [InlineData("/mnt/my disk/state", "/mnt/my disk/witness", true)]
    [InlineData("/mnt/my disk/state", "/mnt/witness", false)]
    [InlineData("/mnt/bind/state", "/run/witness", true)] // one file system at two places
    public void AreTogether_OfATable_FollowsTheLongestMountAbove(string one, string other, bool areTogether)
    {
        var mounts = new Mounts(
        [
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw", "30 22 0:25 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,mode=755",
            "41 22 0:40 / /mnt/old rw - tmpfs tmpfs rw", "42 41 254:0 /x /mnt/old rw - ext4 /dev/vda rw", @"43 22 254:16 / /mnt/my\040disk rw - ext4 /dev/vdb rw",
            "44 22 0:25 /sub /mnt/bind rw - tmpfs tmpfs rw", "a line that is cut short", "",
        ]);
        Assert.Equal(areTogether, mounts.AreTogether(one, other));
        Assert.Equal(areTogether, mounts.AreTogether(other, one));
    }

    [Fact]
    public void AreTogether_ThroughLinksOfLinks_JudgesWhereTheyLead()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts are told by Linux only");
        string real = Path.Combine(_folder, "real");
        Directory.CreateDirectory(Path.Combine(real, "inner"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "first"), real);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "second"), Path.Combine("first", "inner")); // relative, and through another link
        var mounts = new Mounts(["1 0 254:0 / / rw - ext4 d rw", $"2 1 0:9 / {Path.Combine(real, "inner")} rw - tmpfs t rw"]);
        Assert.True(mounts.AreTogether(Path.Combine(_folder, "second", "witness"), Path.Combine(real, "inner", "state")));
        Assert.False(mounts.AreTogether(Path.Combine(_folder, "second", "witness"), Path.Combine(real, "state")));
    }

    [Fact]
    public void AreTogether_OfLinksInACircle_ComesToAnEnd()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts are told by Linux only");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "a"), Path.Combine(_folder, "b", "x"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "b"), Path.Combine(_folder, "a", "y"));
        Assert.True(new Mounts(["1 0 254:0 / / rw - ext4 d rw"]).AreTogether(Path.Combine(_folder, "a", "witness"), _folder));
    }

    [Fact]
    public void Read_OnLinux_TellsMemoryFromDisk()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/dev/shm")) Assert.Skip("a second file system is needed");
        Mounts mounts = Mounts.Read()!;
        Assert.True(mounts.AreTogether("/proc/1", "/proc/self/status"));
        Assert.False(mounts.AreTogether("/proc/self/status", "/dev/shm/witness"));
    }
}
