using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using FcpFast.Control.Manifests;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Keys;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.Control.Tests.Store;

/// <summary>[REPLAY §5.3]: a flush that fails means "not durable"; nothing acknowledged is lost by it, and the handle is never used again.</summary>
/// <remarks>
/// Shape: the descriptor under SQLite's log is made to lead to /dev/null: writes seem to succeed, and the flush after them fails, as a disk does that
///        drops what it could not write.
/// </remarks>
public sealed class FailingFlushTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly TestZone _test = new(7);

    public void Dispose()
    {
        _folder.Dispose();
        _test.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Commit_WhoseFlushFails_IsRefusedAndLosesNothingAcknowledged(int failures)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("the log's descriptor is found under /proc");
        using ZoneSecrets keys = ZoneSecrets.Generate(_test.Crypto), next = keys.Rotate(_test.Crypto, true);
        using var ring = new ZoneKeyRing(_test.Zone);
        string acknowledged;
        ZoneChange second;
        using (StateStore store = _folder.Create(_test))
        {
            ZoneChange first = StoreFolder.Step(_test, null, _test.First(keys), ring, TestZone.Now);
            store.Commit(new StateChange { Zones = [first] });
            acknowledged = Describe(store);
            second = StoreFolder.Step(_test, first.After, _test.Author(ManifestDraft.Rotate(first.After, TestZone.Now).To(_test.Both), next), ring, TestZone.Now);
            for (int i = 0; i < failures; i++)
            {
                BreakTheLog();
                StateStoreException refused = Assert.Throws<StateStoreException>(() => store.Commit(new StateChange { Zones = [second] }));
                Assert.Contains("the disk failed", refused.Message, StringComparison.Ordinal);
                Assert.Contains("look at the disk", refused.Remedy, StringComparison.Ordinal);
                Assert.Equal(acknowledged, Describe(store)); // read anew, over another handle
            }
        }

        using (StateStore again = _folder.Open(_test))
        {
            Assert.Equal(acknowledged, Describe(again));
            again.Commit(new StateChange { Zones = [second] });
            Assert.NotEqual(acknowledged, acknowledged = Describe(again));
        }

        using StateStore last = _folder.Open(_test);
        Assert.Equal(acknowledged, Describe(last));
    }

    private static string Describe(StateStore store)
    {
        using StoredState state = store.Load();
        return StoreFolder.Describe(state);
    }

    private void BreakTheLog()
    {
        string log = _folder.Database + "-wal";
        using SafeFileHandle nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        List<int> descriptors = [.. Directory.GetFiles("/proc/self/fd").Where(path => TargetOf(path) == log).Select(static path => int.Parse(Path.GetFileName(path)))];
        Assert.NotEmpty(descriptors);
        foreach (int descriptor in descriptors) Assert.Equal(descriptor, dup2((int)nothing.DangerousGetHandle(), descriptor));
    }

    /// <summary>Where a descriptor leads; null if it was closed since it was listed, by a test beside this one.</summary>
    private static string? TargetOf(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc")]
    private static extern int dup2(int from, int to);
}
