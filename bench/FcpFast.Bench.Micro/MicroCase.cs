using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro;

/// <summary>One contender with one case, as BenchmarkDotNet shows and filters it.</summary>
public sealed class MicroCase
{
    internal MicroCase(Contender contender, BenchCase subject)
    {
        Contender = contender;
        Subject = subject;
    }

    /// <summary>Frames of a pass, by which the time of a pass is divided.</summary>
    public int Batch => Subject.Batch;

    internal Contender Contender { get; }

    internal BenchCase Subject { get; }

    public override string ToString()
    {
        string suite = (int)Subject.Suite is > 0 and int number ? $" suite{number}" : "";
        return $"{Contender.Name} {Subject.PayloadBytes}x{Subject.Batch}{suite} {Subject.TrafficName}";
    }
}
