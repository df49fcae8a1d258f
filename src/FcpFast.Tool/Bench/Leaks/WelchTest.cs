using System;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Welch's t between two classes of times.</summary>
internal static class WelchTest
{
    /// <summary>Beyond this, two classes of a hundred thousand equal times would differ by chance once in a hundred thousand tries.</summary>
    public const double Threshold = 4.5;

    /// <summary>Slow outliers come from the machine and hide what is looked for: these shares of all times are kept.</summary>
    private static readonly double[] KeptShares = [0.99, 0.9, 0.5];

    /// <summary>The largest |t| over the shares kept, with its sign: positive if class 1 is slower.</summary>
    public static double Largest(ReadOnlySpan<double> times, ReadOnlySpan<byte> classes)
    {
        double[] sorted = times.ToArray();
        Array.Sort(sorted);
        double largest = 0;
        foreach (double share in KeptShares)
        {
            double t = Statistic(times, classes, sorted[(int)((sorted.Length - 1) * share)]);
            if (Math.Abs(t) > Math.Abs(largest)) largest = t;
        }

        return largest;
    }

    /// <summary>t of the times up to a limit; 0 where a class has too few of them to tell.</summary>
    public static double Statistic(ReadOnlySpan<double> times, ReadOnlySpan<byte> classes, double limit)
    {
        Span<double> count = stackalloc double[2], mean = stackalloc double[2], squares = stackalloc double[2];
        count.Clear();
        mean.Clear();
        squares.Clear();
        for (int i = 0; i < times.Length; i++)
        {
            if (times[i] > limit) continue;
            int c = classes[i];
            count[c]++;
            double delta = times[i] - mean[c];
            mean[c] += delta / count[c];
            squares[c] += delta * (times[i] - mean[c]);
        }

        if (count[0] < 2 || count[1] < 2) return 0;
        double error = Math.Sqrt((squares[0] / (count[0] - 1) / count[0]) + (squares[1] / (count[1] - 1) / count[1]));
        double difference = mean[1] - mean[0];
        if (error == 0) return difference == 0 ? 0 : Math.CopySign(double.PositiveInfinity, difference);
        return difference / error;
    }
}
