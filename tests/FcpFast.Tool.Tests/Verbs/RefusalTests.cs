using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tests.Support;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>Peers that must not be believed: the receiver names each refusal, the sender ends with a reason, and nothing is received.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Send_WithKeysThatNobodyAttestedToTheReceiver_IsRefused()
    {
        using var pair = new Pair();
        pair.Fleet.MakeAnew(Pair.Sender, keepsEncryptionKey: true);
        await RefusedAsync(pair, "InvalidSignature");
    }

    [Fact]
    public async Task Send_ToAReceiverWithOtherKeysThanAttested_IsRefused()
    {
        using var pair = new Pair();
        pair.Fleet.MakeAnew(Pair.Receiver, keepsEncryptionKey: true);
        await using RunningTool receiver = pair.StartReceiver();
        await using RunningTool sender = pair.StartSender(await receiver.ListensAtAsync(), pair.Fleet.WriteFile("file.bin", 1000));
        await sender.SaysAsync("handshake with receiver refused: InvalidSignature (FCP");
        sender.CloseInput();
        (await sender.EndAsync()).Ended(3);
        Assert.Empty(pair.ReceivedNames());
    }

    [Fact]
    public async Task Send_WithAnExpiredAttestation_IsRefused()
    {
        using var pair = new Pair(madeSecondsAgo: 2 * 3600);
        await using RunningTool receiver = pair.StartReceiver();
        string address = await receiver.ListensAtAsync();
        await receiver.SaysAsync("attestation of sender: AttestationExpired");
        await using RunningTool sender = pair.StartSender(address, pair.Fleet.WriteFile("file.bin", 1000));
        await sender.SaysAsync("attestation of sender: AttestationExpired");
        await receiver.SaysAsync("refused: AttestationExpired (FCP_ERR_ATTESTATION_EXPIRED)");
        await EndAsync(pair, sender, receiver, "AttestationExpired");
    }

    [Fact]
    public async Task Send_UnderAZoneKeyThatTheReceiverDoesNotHave_BringsTheManifestAlong()
    {
        using var pair = new Pair();
        pair.Fleet.AddManifest(Pair.Sender, pair.Fleet.Rotate(Pair.Sender));
        await ArrivesAsync(pair);
    }

    [Fact]
    public async Task Send_InAZoneThatTheReceiverHasNotHeardOf_BringsItsManifestAlong()
    {
        using var pair = new Pair();
        pair.Fleet.AddManifest(Pair.Sender, pair.Fleet.ManifestOf(TestFleet.ZoneOf("z:other")));
        await ArrivesAsync(pair, "--zone", "z:other");
    }

    [Fact]
    public async Task Send_WhereNobodyListens_GivesUpInTime()
    {
        using var pair = new Pair();
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)); // a port of which TCP is free
        ToolRun run = await RunningTool.RunAsync(
            "send", pair.Fleet.WriteFile("file.bin", 10), "--state", pair.Fleet.FolderOf(Pair.Sender), "--to", Pair.Receiver, "--timeout", "1",
            "--peer", silent.Client.LocalEndPoint!.ToString()!);
        run.Ended(3, "no way to receiver", "within 1 s: no answer", "Remedy: check that it runs, its address");
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Send_ToAStranger_IsRefusedByTheZone()
    {
        using var pair = new Pair();
        ToolRun run = await RunningTool.RunAsync(
            "send", pair.Fleet.WriteFile("file.bin", 10), "--state", pair.Fleet.FolderOf(Pair.Sender), "--to", "mallory", "--peer", "127.0.0.1:9");
        run.Ended(3, "mallory is no member of z:test", "Remedy: check --to");
    }

    [Fact]
    public async Task Receive_GarbageFromStrangers_IsCountedByNameAndHarmsNoTransfer()
    {
        using var pair = new Pair();
        string file = pair.Fleet.WriteFile("file.bin", 2_000_000);
        await using RunningTool receiver = pair.StartReceiver("--count", "1");
        IPEndPoint address = IPEndPoint.Parse(await receiver.ListensAtAsync());
        const int Seed = 11, Each = 20;
        var random = new Random(Seed);
        using var stranger = new UdpClient();
        using var caller = new TcpClient();
        await caller.ConnectAsync(address, TestContext.Current.CancellationToken);
        await caller.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        foreach (int bytes in new[] { 1, 39, 40, 153, 154, 1200, 9000, 65_507 })
        {
            for (int i = 0; i < Each; i++)
            {
                byte[] garbage = new byte[bytes];
                random.NextBytes(garbage);
                garbage[0] = 0; // no start of a handshake message
                await stranger.SendAsync(garbage, address, TestContext.Current.CancellationToken);
            }
        }

        await using RunningTool sender = pair.StartSender(address.ToString(), file);
        (await sender.EndAsync()).Ended(0);
        await pair.AssertArrivedAsync(file);
        receiver.CloseInput();
        JsonObject report = (await receiver.EndAsync()).Ended(0).Json;
        JsonNode dropped = report["frames_dropped"]!;
        long named = new[] { "DatagramTooShort", "TooShort", "InvalidMagic", "DatagramTooLarge", "ExceedsMtu" }.Sum(name => (long?)dropped[name] ?? 0);
        Assert.Equal((8 * Each) - (long)report["system_drops"]!, named);
        Assert.InRange((long)dropped["DatagramTooShort"]!, 1, 2 * Each);
    }

    /// <summary>The receiver names the refusal; the sender gets no further, and both end in order.</summary>
    private static async Task ArrivesAsync(Pair pair, params string[] more)
    {
        await using RunningTool receiver = pair.StartReceiver();
        await using RunningTool sender = pair.StartSender(await receiver.ListensAtAsync(), [pair.Fleet.WriteFile("file.bin", 1000), .. more]);
        (await sender.EndAsync()).Ended(0);
        Assert.Equal(["file.bin"], pair.ReceivedNames());
    }

    private static async Task RefusedAsync(Pair pair, string name, params string[] senderOptions)
    {
        await using RunningTool receiver = pair.StartReceiver();
        string file = pair.Fleet.WriteFile("file.bin", 100_000);
        string[] zone = senderOptions.Length == 0 ? [] : senderOptions;
        await using RunningTool sender = pair.StartSender(await receiver.ListensAtAsync(), [file, .. zone]);
        await receiver.SaysAsync($"refused: {name} (FCP");
        await EndAsync(pair, sender, receiver, name);
    }

    private static async Task EndAsync(Pair pair, RunningTool sender, RunningTool receiver, string name)
    {
        sender.CloseInput();
        (await sender.EndAsync()).Ended(3, "interrupted; send the same file again");
        receiver.CloseInput();
        JsonObject report = (await receiver.EndAsync()).Ended(0, "interrupted").Json;
        JsonObject[] counts = [report["control_refused"]!.AsObject(), report["frames_dropped"]!.AsObject()];
        Assert.InRange(counts.Sum(count => (long?)count[name] ?? 0), 1, long.MaxValue);
        Assert.Equal(0, (long)report["frames_opened"]!);
        Assert.Empty(pair.ReceivedNames());
    }
}
