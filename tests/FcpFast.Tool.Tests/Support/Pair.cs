using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Tests.Support;

namespace FcpFast.Tool.Tests.Support;

/// <summary>Two nodes that know each other, and the commands by which they move files.</summary>
internal sealed class Pair : IDisposable
{
    public const string Sender = "sender";
    public const string Receiver = "receiver";

    public Pair(ulong madeSecondsAgo = 0) => Fleet = new TestFleet(madeSecondsAgo, [Sender, Receiver]);

    public TestFleet Fleet { get; }

    /// <summary>The arguments of a receiver at a free port.</summary>
    public string[] ReceiveArguments(string listen = "127.0.0.1:0") =>
        ["receive", "--state", Fleet.FolderOf(Receiver), "--listen", listen, "--into", Fleet.Received, "--attended", "--json"];

    public RunningTool StartReceiver(params string[] more) => RunningTool.Start([.. ReceiveArguments(), .. more]);

    public RunningTool StartSender(string address, params string[] filesAndMore) => RunningTool.Start(
        ["send", .. filesAndMore, "--state", Fleet.FolderOf(Sender), "--to", Receiver, "--peer", address, "--attended", "--json"]);

    /// <summary>What lies in the folder of received files.</summary>
    public string[] ReceivedNames() => [.. Directory.GetFileSystemEntries(Fleet.Received).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Fails unless a file arrived as it was sent.</summary>
    public async Task AssertArrivedAsync(string sentPath)
    {
        byte[][] both = await Task.WhenAll(
            File.ReadAllBytesAsync(sentPath, TestContext.Current.CancellationToken),
            File.ReadAllBytesAsync(Path.Combine(Fleet.Received, Path.GetFileName(sentPath)), TestContext.Current.CancellationToken));
        Assert.True(both[0].AsSpan().SequenceEqual(both[1]), $"{sentPath} is not what arrived");
    }

    public void Dispose() => Fleet.Dispose();
}
