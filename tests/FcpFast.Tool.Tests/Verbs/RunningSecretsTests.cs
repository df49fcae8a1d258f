using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using FcpFast.Tests.Secrets;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>[REPLAY §5.1]: the keys of a running <c>fcpfast</c> lie in its locked memory, and nowhere else in it nor in its files.</summary>
public sealed class RunningSecretsTests
{
    [Fact]
    public async Task Keys_OfARunningReceiver_LieInGuardedMemoryAlone()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The memory map is read from /proc.");
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver("--count", "1");
        string address = await receiver.ListensAtAsync();
        await using RunningTool sender = pair.StartSender(address, pair.Fleet.WriteFile("sent.bin", 200_000));
        await receiver.TellsAsync("received");
        (await sender.EndAsync()).Ended(0);
        try
        {
            using var scan = new SecretScan(receiver.Id.ToString(CultureInfo.InvariantCulture));
            HashSet<SecretScan.Known> alive = scan.Harvest(out bool isLocked);
            Assert.InRange(alive.Count, 4, int.MaxValue); // its own seeds, the zone key, a subkey
            Assert.Equal([], scan.Find(alive, region => isLocked ? !region.IsProtected : !region.IsLeftOutOfDumps));
            receiver.CloseInput();
            ToolRun run = (await receiver.EndAsync()).Ended(0);
            if (!isLocked) Assert.Contains("swapped out", run.Errors, StringComparison.Ordinal); // and it has said so
            Assert.Equal([], scan.FindInFiles(pair.Fleet.Root, alive));
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip("The memory of another process may not be read here (ptrace_scope).");
        }
    }
}
