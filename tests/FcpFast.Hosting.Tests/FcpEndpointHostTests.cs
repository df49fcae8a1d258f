using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace FcpFast.Hosting.Tests;

public sealed class FcpEndpointHostTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HostedPair _hosted = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public void Dispose() => _hosted.Dispose();

    [Fact]
    public async Task Hosts_OfTwoEndpoints_MoveAnObjectTellOfARotationAndDrain()
    {
        var atBob = new HostedPair.Events();
        using IHost bob = _hosted.Build(_hosted.SettingsOf("bob"), atBob);
        await bob.StartAsync(Cancellation);
        using IHost alice = _hosted.Build(_hosted.SettingsOf("alice", HostedPair.Of(bob).Endpoint));
        await alice.StartAsync(Cancellation);
        await atBob.NextAsync<FcpEndpointEvent.LinkChanged>(static link => link.State == LinkState.Ready);

        Assert.Equal(FcpStatus.Accepted, _hosted.Pair.Owner.Rotate(OwnedPair.Zone, 0, Now, out ControlRecord rotation));
        await HostedPair.Of(alice).Endpoint.TakeAsync([rotation]);
        FcpEndpointEvent.ZoneChanged changed = await atBob.NextAsync<FcpEndpointEvent.ZoneChanged>();
        Assert.Equal(_hosted.Pair.Owner.Find(OwnedPair.Zone)!.Current!.ZoneKeyId, changed.ZoneKey);

        string file = _hosted.Pair.WriteFile("secret-name.bin", 3_000_000);
        FcpFileSend send = await HostedPair.Of(alice).Endpoint.SendFileAsync(file, OwnedPair.Zone, OwnedPair.Id("bob"));
        await alice.StopAsync(Cancellation); // the drain lets it arrive
        Assert.True(await send.Completion);
        await atBob.NextAsync<FcpEndpointEvent.FileReceived>();
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), await File.ReadAllBytesAsync(Path.Combine(_hosted.Pair.Received, "secret-name.bin"), Cancellation));
        await bob.StopAsync(Cancellation);

        FakeLogRecord[] logs = _hosted.Lines();
        Assert.Equal(2, logs.Count(static line => line.Id.Id == 1));
        Assert.Equal(2, logs.Count(static line => line.Id.Id == 2));
        Assert.Contains(logs, line => line.Id.Id == 20 && line.Message.Contains(changed.ZoneKey!.Value.ToString(), StringComparison.Ordinal));
        Assert.Contains(logs, static line => line.Id.Id == 31 && line.Message.Contains("3000000", StringComparison.Ordinal));
        Assert.DoesNotContain(logs, static line => line.Message.Contains("secret-name", StringComparison.Ordinal));
        Assert.DoesNotContain(logs, static line => line.Level >= LogLevel.Error);
        Assert.False(HostedPair.Of(bob).IsRunning);
    }

    [Fact]
    public async Task Alarm_OfAnEquivocation_IsLoggedAndDegradesHealth()
    {
        var events = new HostedPair.Events(fails: true);
        using IHost bob = _hosted.Build(_hosted.SettingsOf("bob"), events);
        var health = bob.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancellation)).Status);
        await bob.StartAsync(Cancellation);
        FcpEndpoint endpoint = HostedPair.Of(bob).Endpoint;
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancellation)).Status);
        await endpoint.TakeAsync(_hosted.Pair.Equivocate(Now));
        await events.NextAsync<FcpEndpointEvent.AlarmRaised>(static raised => raised.Alarm.Kind == NodeAlarmKind.Equivocation);
        await UntilAsync(() => endpoint.Alarms.Count > 0, "the alarm lasts");
        HealthReport degraded = await health.CheckHealthAsync(Cancellation);
        Assert.Equal((HealthStatus.Degraded, "Equivocation"), (degraded.Status, degraded.Entries["fcp"].Description));
        await bob.StopAsync(Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancellation)).Status);
        FakeLogRecord[] logs = _hosted.Lines();
        FakeLogRecord alarm = logs.First(static line => line.Id.Id == 21);
        Assert.Equal(LogLevel.Warning, alarm.Level);
        Assert.Contains("Equivocation", alarm.Message, StringComparison.Ordinal);
        Assert.Contains(logs, static line => line.Id.Id == 7 && line.Exception is IOException); // the observer failed, and lost nothing
    }

    [Fact]
    public async Task Expiry_OfAnAttestation_IsToldAndLogged()
    {
        var time = new SteppedTime();
        var events = new HostedPair.Events();
        using IHost bob = _hosted.Build(_hosted.SettingsOf("bob"), events, options => options.Endpoint = options.Endpoint with { Time = time });
        await bob.StartAsync(Cancellation);
        time.Step(TimeSpan.FromHours(2)); // attested for one
        FcpEndpointEvent.StandingChanged ended = await events.NextAsync<FcpEndpointEvent.StandingChanged>(static one => one.Node == OwnedPair.Id("alice"));
        Assert.Equal(FcpStatus.AttestationExpired, ended.Standing);
        FcpEndpointEvent.AlarmRaised alarm = await events.NextAsync<FcpEndpointEvent.AlarmRaised>(static raised => raised.Alarm.Kind == NodeAlarmKind.AttestationEnds);
        Assert.Contains("renew", alarm.Alarm.Detail, StringComparison.Ordinal);
        await UntilAsync(() => HostedPair.Of(bob).Endpoint.ReadFiguresAsync().GetAwaiter().GetResult().NotReady.Contains("its own attestation: AttestationExpired"), "it is not ready");
        await bob.StopAsync(Cancellation);
        Assert.Contains(_hosted.Lines(), static line =>
            line.Id.Id == 23 && line.Message.Contains("alice", StringComparison.Ordinal) && line.Message.Contains("FCP_ERR_ATTESTATION_EXPIRED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WithAFileThatCannotArrive_GivesUpAfterItsPatience()
    {
        using IHost bob = _hosted.Build(_hosted.SettingsOf("bob"));
        await bob.StartAsync(Cancellation);
        Dictionary<string, string?> settings = _hosted.SettingsOf("alice", HostedPair.Of(bob).Endpoint);
        settings["Fcp:DrainSeconds"] = "0";
        await bob.StopAsync(Cancellation);
        using IHost alice = _hosted.Build(settings);
        await alice.StartAsync(Cancellation);
        FcpEndpoint endpoint = HostedPair.Of(alice).Endpoint;
        FcpFileSend send = await endpoint.SendFileAsync(_hosted.Pair.WriteFile("lost.bin", 1000), OwnedPair.Zone, OwnedPair.Id("bob"));
        await alice.StopAsync(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.Completion);
        Assert.Contains(_hosted.Lines(), static line => line.Id.Id == 3);
    }

    [Fact]
    public async Task Start_OfABadConfiguration_ListsEveryFaultAndStartsNothing()
    {
        using IHost host = _hosted.Build(new Dictionary<string, string?>
        {
            ["Fcp:Profile"] = "huge",
            ["Fcp:Listen"] = "nowhere",
            ["Fcp:WindowFrames"] = "63",
            ["Fcp:DatagramBytesMax"] = "many",
            ["Fcp:Engine"] = "2",
            ["Fcp:Suites:0"] = "rot13",
            ["Fcp:Peers:0:Node"] = "bob",
            ["Fcp:Peers:1:Address"] = "127.0.0.1:1",
            ["Fcp:Routes:0:Zone"] = "no zone",
            ["Fcp:Routes:0:From"] = "bob",
            ["Fcp:Routes:0:To:0"] = "alice",
            ["Fcp:Source:Slot"] = "3",
            ["Fcp:PassphraseFile"] = "/there/is/none",
            ["Fcp:RekeyAfterSeconds"] = "0",
            ["Fcp:DrainSeconds"] = "-1",
            ["Fcp:Passphrase"] = "hunter2",
        });
        var thrown = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync(Cancellation));
        string[] faults = [.. thrown.Failures];
        Assert.Equal(
            [
                "Profile", "Listen", "Fcp:Peers:0:Address is missing", "Fcp:Peers:1:Node is missing", "Routes:0:Zone", "DatagramBytesMax", "Engine",
                "Suites:0", "Source:Slot", "RekeyAfterSeconds", "PassphraseFile", "Fcp:Passphrase:", "StateFolder", "WindowFrames", "Suites", "DrainFor",
            ],
            new[]
            {
                "Profile", "Listen", "Fcp:Peers:0:Address is missing", "Fcp:Peers:1:Node is missing", "Routes:0:Zone", "DatagramBytesMax", "Engine",
                "Suites:0", "Source:Slot", "RekeyAfterSeconds", "PassphraseFile", "Fcp:Passphrase:", "StateFolder", "WindowFrames", "Suites", "DrainFor",
            }.Where(expected => faults.Any(fault => fault.Contains(expected, StringComparison.Ordinal))));
        Assert.DoesNotContain(faults, static fault => fault.Contains("hunter2", StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => HostedPair.Of(host).Endpoint);
    }

    [Fact]
    public async Task Start_WithoutAStore_FailsWithTheRemedy()
    {
        Dictionary<string, string?> settings = _hosted.SettingsOf("nobody");
        using IHost host = _hosted.Build(settings);
        await Assert.ThrowsAsync<FcpFast.Control.Store.StateStoreException>(() => host.StartAsync(Cancellation));
        FakeLogRecord line = _hosted.Lines().First(static line => line.Id.Id == 4);
        Assert.Contains("Remedy: ", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddFcpEndpoint_OfSeveralNames_GivesEachItsOwn()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        foreach (string name in (string[])["alice", "bob"])
        {
            builder.Services.AddFcpEndpoint(name, options => options.Endpoint = FcpEndpointOptions.Edge(_hosted.Pair.FolderOf(name)) with { AcceptsSessions = false });
        }

        Assert.Throws<ArgumentException>(() => builder.Services.AddFcpEndpoint("bob", static _ => { }));
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        foreach (string name in (string[])["alice", "bob"])
        {
            Assert.Equal(OwnedPair.Id(name), host.Services.GetRequiredKeyedService<FcpEndpointHost>(name).Endpoint.Node);
        }

        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Follow_OfOtherPeers_IsDoneAndLoggedAndOfFaultyOnesIsNot()
    {
        using IHost bob = _hosted.Build(_hosted.SettingsOf("bob"));
        await bob.StartAsync(Cancellation);
        using IHost alice = _hosted.Build(_hosted.SettingsOf("alice"));
        await alice.StartAsync(Cancellation);
        FcpEndpointHost host = HostedPair.Of(alice);
        var next = new FcpHostingOptions { Endpoint = host.Endpoint.Options with { Peers = [new FcpPeer(OwnedPair.Id("bob"), HostedPair.Of(bob).Endpoint.Address)] }, LoggedPerMinuteMax = 3 };
        FcpFollowed followed = await host.FollowAsync(next);
        Assert.Equal([OwnedPair.Id("bob")], followed.Added);
        Assert.Equal(["LoggedPerMinuteMax"], followed.NeedRestart);
        await UntilAsync(() => host.Endpoint.ReadFiguresAsync().GetAwaiter().GetResult().Peers.Any(static peer => peer.State == LinkState.Ready), "the new peer is ready");
        await Assert.ThrowsAsync<ArgumentException>(() => host.FollowAsync(new FcpHostingOptions { Endpoint = host.Endpoint.Options with { WindowFrames = 1 } }));
        await alice.StopAsync(Cancellation);
        await bob.StopAsync(Cancellation);
        Assert.Contains(_hosted.Lines(), static line => line.Id.Id == 50);
        Assert.Contains(_hosted.Lines(), static line => line.Id.Id == 51 && line.Message.Contains("LoggedPerMinuteMax", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Readiness_WhileItIsDrained_IsUnhealthyThoughItLives()
    {
        using IHost bob = _hosted.Build(_hosted.SettingsOf("bob"));
        var health = bob.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Unhealthy), await BothAsync(health));
        await bob.StartAsync(Cancellation);
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy), await BothAsync(health));
        Assert.True(await HostedPair.Of(bob).DrainAsync(Cancellation));
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), await BothAsync(health));
        Assert.Equal("it is being drained", (await health.CheckHealthAsync(static one => one.Tags.Contains(FcpServices.ReadyTag), Cancellation)).Entries["fcp-ready"].Description);
        await bob.StopAsync(Cancellation);
        Assert.Single(_hosted.Lines(), static line => line.Id.Id == 8);
    }

    private static async Task<(HealthStatus Live, HealthStatus Ready)> BothAsync(HealthCheckService health) => (
        (await health.CheckHealthAsync(static one => one.Tags.Contains(FcpServices.LiveTag), Cancellation)).Status,
        (await health.CheckHealthAsync(static one => one.Tags.Contains(FcpServices.ReadyTag), Cancellation)).Status);

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (DateTime end = DateTime.UtcNow + Patience; !holds(); await Task.Delay(20, Cancellation)) Assert.True(DateTime.UtcNow < end, what);
    }

    /// <summary>The system's clock, which a test can put ahead.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _stepTicks;

        public void Step(TimeSpan step) => Interlocked.Add(ref _stepTicks, step.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _stepTicks));
    }
}
