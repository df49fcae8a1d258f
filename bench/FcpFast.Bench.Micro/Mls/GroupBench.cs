using System;
using BenchmarkDotNet.Attributes;
using FcpFast.Tool.Bench.Groups;

namespace FcpFast.Bench.Micro.Mls;

/// <summary>Groups of MLS of several sizes: making a commit that heals, following one, joining with every check.</summary>
public class GroupBench : IDisposable
{
    private BenchGroup? _group;

    /// <summary>Members of the group.</summary>
    [Params(64, 256, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Prepare() => _group = new BenchGroup(Members);

    [GlobalCleanup]
    public void Dispose()
    {
        _group?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Fresh keys for one member, encrypted to all others, and the epoch behind them.</summary>
    [Benchmark]
    public void MakeCommit() => _group!.MakeCommit();

    /// <summary>A commit judged, its secret opened, the epoch behind it derived.</summary>
    [Benchmark]
    public void FollowCommit() => _group!.FollowCommit();

    /// <summary>A Welcome opened, every leaf, attestation, hash and key of the tree judged.</summary>
    [Benchmark]
    public void Join() => _group!.Join();
}
