using System;
using System.IO;
using System.Text.Json.Nodes;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>Draws a soak: resident memory to the left, latency to the right, over time.</summary>
internal static class SoakPicture
{
    private const double WidthPoints = 960, HeightPoints = 480;
    private const string Memory = "memory", Delay = "latency";

    private static readonly OxyColor Grid = OxyColor.FromRgb(0xdd, 0xdd, 0xdd);

    /// <summary>Writes the picture as SVG.</summary>
    /// <remarks>Errors: throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> as the file system does.</remarks>
    public static void Write(JsonObject report, string file)
    {
        var model = new PlotModel
        {
            Title = $"Soak of {report["minutes"]} minutes, {report["peers"]} peers, {report["mbit_per_s"]} Mbit/s", TitleFontSize = 15,
            Subtitle = $"seed {report["seed"]}: {report["rotations"]} rotations, {report["rekeys"]} rekeys, {report["relay_kills"]} kills of the relay, {report["peer_kills"]} of peers, {report["hostile_datagrams"]} hostile datagrams",
            SubtitleFontSize = 11, Background = OxyColors.White,
        };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "seconds", MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = Grid, Minimum = 0 });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = "MiB resident", Minimum = 0, Key = Memory });
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Right, Title = "ms from handing over to durable (logarithmic)", Key = Delay });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendFontSize = 10 });
        Add(model, report, "gateway", Memory, 0x1b6ca8, static row => (double)row["gateway_mib"]!);
        Add(model, report, "relay", Memory, 0x3a8f4d, static row => (double)row["relay_mib"]!);
        Add(model, report, "p50", Delay, 0xd9a22b, static row => (double)row["latency_ms"]!["p50"]!);
        Add(model, report, "p99", Delay, 0xd9722b, static row => (double)row["latency_ms"]!["p99"]!);
        Add(model, report, "p99.9", Delay, 0xb8323c, static row => (double)row["latency_ms"]!["p99.9"]!);
        using FileStream stream = File.Create(file);
        new SvgExporter { Width = WidthPoints, Height = HeightPoints }.Export(model, stream);
    }

    private static void Add(PlotModel model, JsonObject report, string title, string axis, uint colour, Func<JsonNode, double> value)
    {
        var line = new LineSeries { Title = title, YAxisKey = axis, Color = OxyColor.FromUInt32(0xff000000 | colour), StrokeThickness = 1.5, MarkerType = MarkerType.Circle, MarkerSize = 2 };
        foreach (JsonNode? row in (JsonArray)report["rows"]!) line.Points.Add(new DataPoint((double)row!["seconds"]!, Math.Max(axis == Delay ? 0.01 : 0, value(row))));
        model.Series.Add(line);
    }
}
