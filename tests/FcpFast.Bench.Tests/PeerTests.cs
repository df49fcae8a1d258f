using System;
using System.IO;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Peers;

namespace FcpFast.Bench.Tests;

/// <summary>bench/README.md: programs that speak the line protocol are measured beside the engines.</summary>
public sealed class PeerTests : IDisposable
{
    private static readonly BenchCase Seal = new(Steps.Seal, 1024, 54, MacSuite.Unset, Traffic.Valid);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fcpfast-peer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Contenders_OfAPeer_CheckAndMeasureThroughIt()
    {
        using PeerProcess peer = PeerProcess.Start(Script("""
            while read -r verb rest; do
              case "$verb $rest" in
                engines*) echo one two ;;
                "check one seal 1024 54 0 valid") echo abcd ;;
                "run one seal 1024 54 0 valid 10") echo 12345 ;;
                check*) echo no ;;
                *) echo error ;;
              esac
            done
            """));
        Contender[] contenders = peer.Contenders();
        Assert.Equal(["one", "two"], contenders.Select(static contender => contender.Name));
        Assert.Null(contenders[1].Prepare(Seal));
        using BenchBody body = contenders[0].Prepare(Seal)!;
        body.Check();
        Assert.Equal("abcd", body.Digest);
        Assert.Equal(new BenchSample(12345, 0), body.Sample(10));
        Assert.Contains("answered", Assert.Throws<ToolException>(() => body.Sample(11)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_APeerThatEnds_SaysSo()
    {
        using PeerProcess peer = PeerProcess.Start(Script("read -r line"));
        Assert.Throws<ToolException>(() => peer.Ask("engines"));
        Assert.Throws<ToolException>(() => peer.Ask("engines"));
    }

    [Fact]
    public void Start_NoProgram_SaysSo() => Assert.Throws<ToolException>(() => PeerProcess.Start(Path.Combine(_folder.FullName, "nobody")));

    [Fact]
    public void Native_WhereItWasBuilt_AgreesWithTheEnginesOnEveryCase()
    {
        if (NativeBaseline.Find() is not { } program) Assert.Skip(NativeBaseline.Missing);
        else AssertAgrees(program);
    }

    private static void AssertAgrees(string program)
    {
        using PeerProcess peer = PeerProcess.Start(program);
        Contender[] native = peer.Contenders();
        Assert.Contains("libsodium-c", native.Select(static contender => contender.Name));
        int compared = 0;
        foreach (BenchCase subject in Micro.Smoke.Cases())
        {
            using BenchBody? own = Contenders.Engines[0].Prepare(subject);
            foreach (Contender contender in native)
            {
                using BenchBody? body = contender.Prepare(subject);
                if (own is null || body is null) continue;
                own.Check();
                body.Check();
                if (body.Digest.Length == 0) continue;
                Assert.Equal(own.Digest, body.Digest);
                compared++;
            }
        }

        Assert.True(compared >= 27, $"{compared} digests were compared"); // seal, open and MAC of three sizes and three batches
    }

    private string Script(string body)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The script needs a POSIX shell.");
        string file = Path.Combine(_folder.FullName, "peer");
        File.WriteAllText(file, "#!/bin/sh\n" + body);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }
}
