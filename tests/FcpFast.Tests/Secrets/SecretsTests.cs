using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Owners;
using FcpFast.Control.Records;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Tests.Support;

namespace FcpFast.Tests.Secrets;

/// <summary>Alone in the process: the scan reads all of its memory.</summary>
[CollectionDefinition(nameof(SecretsTests), DisableParallelization = true)]
public sealed class SecretsAlone;

/// <summary>[REPLAY §5.1]: what was a key is nowhere any more once it is erased, and what is one lies in locked memory only, and in no file.</summary>
[Collection(nameof(SecretsTests))]
public sealed class SecretsTests : IDisposable
{
    private const int ZoneKeyAndSubkeys = 3; // one for symbols, one for bodies

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestFleet _fleet = new("alice", "bob");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task Keys_OfARealProcess_LieInLockedMemoryAloneAndAreGoneWhenTheyAreErased()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The memory map is read from /proc.");
        using var scan = new SecretScan();
        HashSet<SecretScan.Known> others = scan.Harvest(out _);
        HashSet<SecretScan.Known> ever = [], alive = [];
        await using (FcpEndpoint bob = Open("bob", null))
        await using (FcpEndpoint alice = Open("alice", bob))
        {
            await SendAsync(alice, "first.bin");
            alive = Live(scan, others, out bool isLocked);
            ever.UnionWith(alive);
            Assert.InRange(alive.Count, 6, int.MaxValue); // seeds, zone keys, subkeys, two MAC keys and a control key at each end
            if (isLocked) Assert.Equal([], scan.Find(alive, static region => !region.IsProtected));
            else TestContext.Current.SendDiagnosticMessage("WARNING: the limit of locked memory (ulimit -l) is too low, so that keys may be swapped out; that none is was not tested");

            while ((await alice.ReadFiguresAsync()).Rekeys == 0) await Task.Delay(50, Cancellation);
            await SendAsync(alice, "second.bin");
            HashSet<SecretScan.Known> before = alive;
            for (DateTime end = DateTime.UtcNow + Patience; before.IsSubsetOf(alive); await Task.Delay(500, Cancellation))
            {
                Assert.True(DateTime.UtcNow < end, "the keys of a session that was replaced are not erased");
                alive = Live(scan, others, out _); // a session that was replaced drains for 30 s
                ever.UnionWith(alive);
            }

            Assert.Equal([], scan.Find(ever.Except(Live(scan, others, out _)).ToHashSet(), static _ => true)); // after a rekey
        }

        HashSet<SecretScan.Known> left = Live(scan, others, out _);
        Assert.Empty(left.Intersect(ever));
        Assert.Equal([], scan.Find(ever, static _ => true)); // after the close
        Assert.Equal([], scan.FindInFiles(_fleet.Root, ever));
    }

    [Fact]
    public async Task Keys_OfARotatedZone_AreNowhereOnceTheOverlapIsOver()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The memory map is read from /proc.");
        using var pair = new OwnedPair(ZoneTerms.Default with { Policy = ZoneTerms.Default.Policy with { OverlapWindowSeconds = 1 } }, ["alice", "bob"]);
        Assert.Equal(FcpStatus.Accepted, pair.Owner.Rotate(OwnedPair.Zone, 0, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), out ControlRecord rotation));
        pair.Owner.Dispose(); // whose own copies are not asked about
        using var scan = new SecretScan();
        HashSet<SecretScan.Known> others = scan.Harvest(out _);
        await using FcpEndpoint bob = Open(pair.FolderOf("bob"), pair.Received, (FcpPeer?)null), alice = Open(pair.FolderOf("alice"), pair.Received, bob);
        await SendAsync(alice, pair.WriteFile("first.bin", 300_000), OwnedPair.Zone);
        HashSet<SecretScan.Known> before = Live(scan, others, out _), alive;
        Assert.Equal(FcpStatus.Accepted, (await alice.TakeAsync([rotation]))[0].Status);
        await bob.NextAsync<FcpEndpointEvent.ZoneChanged>(Patience, static _ => true);
        await SendAsync(alice, pair.WriteFile("second.bin", 300_000), OwnedPair.Zone);
        for (DateTime end = DateTime.UtcNow + Patience; before.Except(alive = Live(scan, others, out _)).Count() < ZoneKeyAndSubkeys; await Task.Delay(250, Cancellation))
        {
            Assert.True(DateTime.UtcNow < end, "the keys that were replaced are not erased");
        }

        HashSet<SecretScan.Known> gone = before.Except(alive).ToHashSet();
        Assert.Equal([], scan.Find(gone, static _ => true));
        await alice.DisposeAsync();
        await bob.DisposeAsync();
        Assert.Equal([], scan.FindInFiles(pair.Root, gone));
    }

    [Fact]
    public async Task Keys_OfAHandshakeThatFailed_AreNowhere()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The memory map is read from /proc.");
        using var scan = new SecretScan();
        HashSet<SecretScan.Known> others = scan.Harvest(out _), ever = [];
        using var mute = new TcpListener(IPAddress.Loopback, 0); // takes connections, and never says a word
        mute.Start();
        await using FcpEndpoint alice = Open(_fleet.FolderOf("alice"), _fleet.Received, new FcpPeer(TestFleet.Id("bob"), (IPEndPoint)mute.LocalEndpoint));
        var gone = new HashSet<SecretScan.Known>();
        for (DateTime end = DateTime.UtcNow + Patience; gone.Count == 0; await Task.Delay(100, Cancellation)) // the first try's own key
        {
            Assert.True(DateTime.UtcNow < end, "the key of a handshake that nobody answers is not erased");
            HashSet<SecretScan.Known> alive = Live(scan, others, out _);
            ever.UnionWith(alive);
            gone = ever.Except(alive).ToHashSet();
        }

        Assert.Equal([], scan.Find(gone, static _ => true));
        await alice.DisposeAsync();
        Assert.Equal([], scan.Find(ever, static _ => true));
        Assert.Equal([], scan.FindInFiles(_fleet.Root, ever));
    }

    /// <summary>The test must be able to fail: a copy of a key in the managed heap is found.</summary>
    [Fact]
    public void Scan_ACopyOfAKeyInTheHeap_IsFound()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The memory map is read from /proc.");
        using var scan = new SecretScan();
        HashSet<SecretScan.Known> others = scan.Harvest(out _);
        byte[] planted = GC.AllocateArray<byte>(32, pinned: true);
        Random.Shared.NextBytes(planted);
        using (Interop.Libsodium.LibsodiumGate.Open().Vault.Import(planted))
        {
            HashSet<SecretScan.Known> secrets = Live(scan, others, out _);
            Assert.NotEmpty(secrets);
            Assert.NotEmpty(scan.Find(secrets, static region => !region.IsLeftOutOfDumps));
            string file = Path.Combine(_fleet.Root, "leak");
            File.WriteAllBytes(file, [1, 2, 3, .. planted]);
            Assert.Equal([file], scan.FindInFiles(_fleet.Root, secrets));
        }

        GC.KeepAlive(planted);
    }

    private static HashSet<SecretScan.Known> Live(SecretScan scan, HashSet<SecretScan.Known> others, out bool isLocked)
    {
        HashSet<SecretScan.Known> alive = scan.Harvest(out isLocked);
        alive.ExceptWith(others);
        return alive;
    }

    private Task SendAsync(FcpEndpoint alice, string name) => SendAsync(alice, _fleet.WriteFile(name, 300_000), TestFleet.Zone);

    private static async Task SendAsync(FcpEndpoint alice, string file, ZoneId zone)
    {
        FcpFileSend send = await alice.SendFileAsync(file, zone, TestFleet.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
    }

    private FcpEndpoint Open(string name, FcpEndpoint? peer) => Open(_fleet.FolderOf(name), _fleet.Received, peer, SequencerLimits.Default with { SoftTicks = 5 * Instant.TicksPerSecond });

    private static FcpEndpoint Open(string folder, string received, FcpEndpoint? peer, SequencerLimits? rekeyAfter = null) =>
        Open(folder, received, peer is null ? null : new FcpPeer(peer.Node, peer.Address), rekeyAfter);

    private static FcpEndpoint Open(string folder, string received, FcpPeer? peer, SequencerLimits? rekeyAfter = null) => FcpEndpoint.Open(FcpEndpointOptions.Edge(folder) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AcceptsSessions = peer is null,
        ReceiveInto = received,
        RekeyAfter = rekeyAfter ?? SequencerLimits.Default,
        Peers = peer is null ? [] : [peer],
    });
}
