using System.Globalization;
using System.IO;
using System.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>Draws the ladder: a bar a row, payload Gbit/s to the right, one colour an engine.</summary>
internal static class LadderPicture
{
    /// <summary>True: this build has a library that draws.</summary>
    public static bool CanDraw => true;

    private const double WidthPoints = 960;
    private const double PointsPerBar = 17;
    private const double MarginPoints = 150;
    private const double TopPoints = 24;
    private const double RightPoints = 24;
    private const double PointsPerLetter = 5.6; // the exporter measures no text: room for labels is reckoned

    private static readonly OxyColor[] Colours =
    [
        OxyColor.FromRgb(0x1b, 0x6c, 0xa8), OxyColor.FromRgb(0xd9, 0x72, 0x2b), OxyColor.FromRgb(0x3a, 0x8f, 0x4d), OxyColor.FromRgb(0x8e, 0x55, 0xa3),
        OxyColor.FromRgb(0xb8, 0x32, 0x3c), OxyColor.FromRgb(0x6d, 0x6d, 0x6d), OxyColor.FromRgb(0x9a, 0x86, 0x1d), OxyColor.FromRgb(0x1d, 0x93, 0x9a),
    ];

    /// <summary>Writes the picture as SVG.</summary>
    /// <remarks>Errors: throws <see cref="IOException"/> or <see cref="System.UnauthorizedAccessException"/> as the file system does.</remarks>
    public static void Write(BenchReport report, string file)
    {
        BenchRow[] rows = [.. report.Rows.Where(static row => row.Case.PayloadBytes > 0)];
        double height = MarginPoints + (PointsPerBar * rows.Length);
        using FileStream stream = File.Create(file);
        var exporter = new SvgExporter { Width = WidthPoints, Height = height };
        exporter.Export(Draw(report, rows), stream);
    }

    private static PlotModel Draw(BenchReport report, BenchRow[] rows)
    {
        var model = new PlotModel
        {
            Title = "The ladder: payload carried",
            TitleFontSize = 15,
            Subtitle = $"{report.Machine["cpu"]}, {report.Machine["runtime"]}, vectors of {report.Machine["vector_bits"]} bits, {report.Machine["date"]}",
            SubtitleFontSize = 11,
            Background = OxyColors.White,
            Padding = new OxyThickness(8, TopPoints, 8, 8),
            PlotMargins = new OxyThickness(rows.Length == 0 ? 0 : rows.Max(static row => Label(row).Length) * PointsPerLetter, double.NaN, RightPoints, double.NaN),
        };
        var categories = new CategoryAxis
        {
            Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, FontSize = 10, GapWidth = 0.3, IsTickCentered = true, Key = "cases",
        };
        model.Axes.Add(categories);
        model.Axes.Add(new LogarithmicAxis
        {
            Position = AxisPosition.Bottom, Title = "Gbit/s of payload (logarithmic)", MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColor.FromRgb(0xdd, 0xdd, 0xdd), Minimum = LowestDecade(rows), MaximumPadding = 0.08, Base = 10, Key = "speed",
        });
        string[] engines = [.. rows.Select(static row => row.Engine).Distinct()];
        var series = new BarSeries
        {
            XAxisKey = "speed", YAxisKey = "cases", BaseValue = LowestDecade(rows), LabelFormatString = "{0:0.0}", LabelPlacement = LabelPlacement.Outside, FontSize = 9,
        };
        foreach (BenchRow row in rows)
        {
            categories.Labels.Add(Label(row));
            int colour = System.Array.IndexOf(engines, row.Engine) % Colours.Length;
            series.Items.Add(new BarItem { Value = row.GigabytesPerSecond * 8, Color = Colours[colour] });
        }

        model.Series.Add(series);
        return model;
    }

    private static string Label(BenchRow row)
    {
        string suite = (int)row.Case.Suite is > 0 and int number ? $", suite {number}" : "";
        string traffic = row.Case.Traffic == Traffic.Valid ? "" : $", {row.Case.TrafficName}";
        return string.Create(CultureInfo.InvariantCulture, $"{row.Case.Step} {row.Case.PayloadBytes}×{row.Case.Batch}{suite}{traffic}: {row.Engine}");
    }

    private static double LowestDecade(BenchRow[] rows)
    {
        double lowest = rows.Length == 0 ? 1 : rows.Min(static row => row.GigabytesPerSecond * 8);
        return System.Math.Pow(10, System.Math.Floor(System.Math.Log10(lowest)));
    }
}
