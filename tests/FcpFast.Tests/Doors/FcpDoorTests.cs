using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Doors;
using FcpFast.Tests.Support;

namespace FcpFast.Tests.Doors;

/// <summary>The door of a running node: what it answers, and what it does with whoever talks nonsense at it.</summary>
public sealed class FcpDoorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_OfARunningNode_TellsPeersAndZones()
    {
        await using var pair = new LoopbackPair();
        await using FcpDoor door = FcpDoor.Open(pair.Bob)!;
        await pair.SendAsync("sent.bin", 100_000);
        await pair.BobIsReadyAsync();
        using FcpDoorClient client = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("bob"), Cancellation);
        JsonObject status = await client.ReadStatusAsync(Cancellation), again = await client.ReadStatusAsync(Cancellation);
        Assert.Equal("bob", (string)status["node"]!);
        Assert.Equal("Ready", (string)status["peers"]!.AsArray().Single()!["state"]!);
        Assert.InRange((long)status["peers"]![0]!["frames_received"]!, 100_000 / 1024, long.MaxValue);
        Assert.Equal("z:test", (string)status["zones"]!.AsArray().Single()!["zone"]!);
        Assert.InRange((double)again["uptime_seconds"]!, (double)status["uptime_seconds"]!, double.MaxValue);
    }

    [Fact]
    public async Task Socket_OfADoor_IsItsUsersAloneAndGoneAfterwards()
    {
        await using var pair = new LoopbackPair();
        string path = FcpDoor.PathOf(pair.Fleet.FolderOf("bob"));
        await using (FcpDoor door = FcpDoor.Open(pair.Bob)!)
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.False(File.Exists(path));
        await File.WriteAllTextAsync(path, "left behind by a process that was killed", Cancellation);
        await using FcpDoor anew = FcpDoor.Open(pair.Bob)!;
        using FcpDoorClient client = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("bob"), Cancellation);
        Assert.NotNull((await client.ReadStatusAsync(Cancellation))["node"]);
    }

    [Fact]
    public async Task Put_AnObject_ArrivesAndLeavesNothingInTheSpool()
    {
        await using var pair = new LoopbackPair();
        await using FcpDoor alice = FcpDoor.Open(pair.Alice)!, bob = FcpDoor.Open(pair.Bob)!;
        Task telling = TellAsync(pair.Bob, bob);
        using FcpDoorClient taker = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("bob"), Cancellation);
        await taker.WriteAsync(new JsonObject { ["do"] = "take" }, Cancellation);
        Assert.Equal(Path.GetFullPath(pair.Fleet.Received), (string)(await taker.ReadAsync(Cancellation))["taking"]!);

        byte[] content = new byte[200_000];
        new Random(1).NextBytes(content);
        using FcpDoorClient client = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("alice"), Cancellation);
        await client.WriteAsync(new JsonObject { ["do"] = "put", ["name"] = "object", ["bytes"] = content.Length, ["zone"] = "z:test", ["to"] = "bob" }, Cancellation);
        foreach (byte[] part in content.Chunk(7_001)) await client.WriteBytesAsync(part, Cancellation);
        Assert.Equal(content.Length, (int)(await client.ReadAsync(Cancellation))["sending"]!);
        Assert.True((bool)(await client.ReadAsync(Cancellation))["arrived"]!);
        JsonObject taken = await taker.ReadAsync(Cancellation).WaitAsync(LoopbackPair.Patience, Cancellation);
        Assert.Equal(("object", "alice"), ((string)taken["received"]!, (string)taken["from"]!));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine((string)taken["folder"]!, "object"), Cancellation));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(pair.Fleet.FolderOf("alice"), "spool")));
        await pair.Bob.DisposeAsync();
        await telling;
    }

    [Fact]
    public async Task Requests_ThatCannotBeDone_AreAnsweredAndTheConnectionGoesOn()
    {
        await using var pair = new LoopbackPair();
        await using FcpDoor door = FcpDoor.Open(pair.Alice)!;
        using FcpDoorClient client = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("alice"), Cancellation);
        foreach (JsonObject request in (JsonObject[])
        [
            new() { ["do"] = "dance" },
            new() { ["do"] = 7 },
            new() { ["do"] = "send", ["file"] = "/nowhere/at/all", ["zone"] = "z:test", ["to"] = "bob" },
            new() { ["do"] = "send", ["file"] = pair.Fleet.WriteFile("a", 1), ["zone"] = "test", ["to"] = "bob" },
            new() { ["do"] = "send", ["file"] = pair.Fleet.WriteFile("b", 1), ["zone"] = "z:test", ["to"] = "mallory" },
            new() { ["do"] = "put", ["name"] = "a", ["bytes"] = -1, ["zone"] = "z:test", ["to"] = "bob" },
            new() { ["do"] = "put", ["name"] = "../a", ["bytes"] = 0, ["zone"] = "z:test", ["to"] = "bob" },
        ])
        {
            await client.WriteAsync(request, Cancellation);
            Assert.NotNull((await client.ReadAsync(Cancellation))["error"]);
        }

        await client.WriteAsync(new JsonObject { ["do"] = "put", ["name"] = "..", ["bytes"] = 3, ["zone"] = "z:test", ["to"] = "bob" }, Cancellation);
        await client.WriteBytesAsync("abc"u8.ToArray(), Cancellation); // taken though they are of no use: the next request begins behind them
        Assert.Contains("InvalidName", (string)(await client.ReadAsync(Cancellation))["error"]!, StringComparison.Ordinal);
        Assert.NotNull((await client.ReadStatusAsync(Cancellation))["node"]);
        Assert.False(Directory.Exists(Path.Combine(pair.Fleet.FolderOf("alice"), "spool")));
    }

    [Theory]
    [InlineData("no json\n")]
    [InlineData("[1]\n")]
    [InlineData("{\"do\":{\"do\":{\"do\":{\"do\":{\"do\":1}}}}}\n")]
    [InlineData("{\"do\":1,\"do\":2}\n")]
    [InlineData("\n")]
    public async Task Nonsense_AtTheDoor_EndsItsConnectionOnly(string line)
    {
        await using var pair = new LoopbackPair();
        await using FcpDoor door = FcpDoor.Open(pair.Alice)!;
        string last = await SayAsync(pair.Fleet.FolderOf("alice"), Encoding.UTF8.GetBytes(line));
        Assert.Contains("error", last, StringComparison.Ordinal);
        using FcpDoorClient client = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("alice"), Cancellation);
        Assert.NotNull((await client.ReadStatusAsync(Cancellation))["node"]);
    }

    [Fact]
    public async Task Line_WithoutEnd_IsNotKept()
    {
        await using var pair = new LoopbackPair();
        await using FcpDoor door = FcpDoor.Open(pair.Alice)!;
        Assert.Empty(await SayAsync(pair.Fleet.FolderOf("alice"), new byte[64 * 1024]));
    }

    [Fact]
    public async Task Connections_MoreThanTheDoorTakes_AreClosedAndLeaveRoomAgain()
    {
        await using var pair = new LoopbackPair();
        await using FcpDoor door = FcpDoor.Open(pair.Alice)!;
        FcpDoorClient[] many = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("alice"), Cancellation)));
        int answered = 0;
        foreach (FcpDoorClient client in many)
        {
            Exception? refused = await Record.ExceptionAsync(() => client.ReadStatusAsync(Cancellation));
            if (refused is null) answered++;
            else Assert.True(refused is IOException or SocketException, refused.ToString());
        }

        Assert.Equal(32, answered);
        foreach (FcpDoorClient client in many) client.Dispose();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(LoopbackPair.Patience);
        while (true)
        {
            using FcpDoorClient client = await FcpDoorClient.ConnectAsync(pair.Fleet.FolderOf("alice"), patience.Token);
            if (await Record.ExceptionAsync(() => client.ReadStatusAsync(patience.Token)) is null) return;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Says something and returns everything that comes until the door closes the connection.</summary>
    private static async Task<string> SayAsync(string folder, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(FcpDoor.PathOf(folder)), Cancellation);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var said = new MemoryStream();
        byte[] part = new byte[1024];
        try
        {
            await stream.WriteAsync(bytes, Cancellation);
            for (int read; (read = await stream.ReadAsync(part, Cancellation)) > 0;) said.Write(part, 0, read);
        }
        catch (IOException)
        {
            // closed while it still spoke
        }

        return Encoding.UTF8.GetString(said.ToArray());
    }

    private static async Task TellAsync(FcpEndpoint endpoint, FcpDoor door)
    {
        await foreach (FcpEndpointEvent happened in endpoint.Events.ReadAllAsync(CancellationToken.None)) door.Tell(happened);
    }
}
