using System;
using System.Linq;
using FcpFast.Fuzz.Corpora;
using FcpFast.Fuzz.Runs;
using FcpFast.Fuzz.Targets;

namespace FcpFast.Fuzz.Tests;

/// <summary>[STYLE 7]: the committed corpus is replayed by the ordinary run, each target in a test of its own.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_ItsCorpus_HoldsNoFinding(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name)!;
        (string Name, byte[] Input)[] inputs = [.. CorpusFolder.Inputs(target)];
        Assert.NotEmpty(inputs);
        foreach ((string file, byte[] input) in inputs)
        {
            Exception? finding = Record.Exception(() => FuzzRun.One(target, input));
            Assert.True(finding is null, $"{name}/{file}: {finding}");
        }
    }

    /// <summary>Each seed with its end cut and its bytes changed: what a fuzzer does first, without one.</summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_SeedsCutAndChanged_HoldNoFinding(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name)!;
        var random = new Random(20261127);
        byte[][] seeds = [.. CorpusFolder.Inputs(target).Select(static pair => pair.Input).Where(static input => input.Length > 0).Take(16)];
        for (int i = 0; i < 200; i++)
        {
            byte[] changed = (byte[])seeds[i % seeds.Length].Clone();
            for (int changes = random.Next(1, 4); changes > 0; changes--) changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            if (i % 3 == 0) changed = changed[..random.Next(changed.Length)];
            Exception? finding = Record.Exception(() => FuzzRun.One(target, changed));
            Assert.True(finding is null, $"round {i}, {Convert.ToHexString(changed)}: {finding}");
        }
    }

    [Fact]
    public void Corpus_OfTheRepository_BelongsToTargetsAndIsSmall()
    {
        string[] folders = [.. System.IO.Directory.EnumerateDirectories(CorpusFolder.Root).Select(static folder => System.IO.Path.GetFileName(folder))];
        Assert.Empty(folders.Except(FuzzTargets.All.Select(static target => target.Name)));
        long bytes = FuzzTargets.All.SelectMany(CorpusFolder.Inputs).Sum(static pair => (long)pair.Input.Length);
        Assert.InRange(bytes, 1, 4 * 1024 * 1024);
        Assert.All(FuzzTargets.All.SelectMany(CorpusFolder.Inputs), static pair => Assert.InRange(pair.Input.Length, 0, 64 * 1024));
    }
}
