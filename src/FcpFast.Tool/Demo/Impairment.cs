using System;
using System.Globalization;

namespace FcpFast.Tool.Demo;

/// <summary>What happens to datagrams on the way.</summary>
/// <param name="Loss">Share that is lost.</param>
/// <param name="Duplicate">Share that comes twice.</param>
/// <param name="Reorder">Share that is overtaken.</param>
/// <param name="ReorderPositions">By at most how many others.</param>
/// <param name="Corrupt">Share in which a byte is changed.</param>
/// <param name="Seed">Makes the choices repeatable.</param>
internal sealed record Impairment(double Loss, double Duplicate, double Reorder, int ReorderPositions, double Corrupt, int Seed)
{
    /// <summary>How it is written.</summary>
    public const string Syntax = "loss=0.2,duplicate=0.2,reorder=0.1:1000,corrupt=0.01,seed=7";

    /// <summary>Reads such as <see cref="Syntax"/>, every part optional; null and a reason if it is none.</summary>
    public static Impairment? Parse(string text, out string? fault)
    {
        var result = new Impairment(0, 0, 0, 0, 0, 1);
        fault = null;
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] halves = part.Split('=', 2);
            string value = halves.Length == 2 ? halves[1] : "";
            result = halves[0] switch
            {
                "loss" when TryShare(value, out double share) => result with { Loss = share },
                "duplicate" when TryShare(value, out double share) => result with { Duplicate = share },
                "corrupt" when TryShare(value, out double share) => result with { Corrupt = share },
                "reorder" when TryReorder(value, out double share, out int positions) => result with { Reorder = share, ReorderPositions = positions },
                "seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seed) => result with { Seed = seed },
                _ => null,
            };
            if (result is not null) continue;
            fault = $"'{part}' is not understood; write such as {Syntax}";
            return null;
        }

        return result;
    }

    private static bool TryShare(string text, out double share) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is >= 0 and <= 1;

    private static bool TryReorder(string text, out double share, out int positions)
    {
        positions = 0;
        string[] halves = text.Split(':');
        share = 0;
        return halves.Length == 2 && TryShare(halves[0], out share)
            && int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out positions) && positions is >= 1 and <= 100_000;
    }
}
