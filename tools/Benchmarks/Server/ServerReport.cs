using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Spectre.Console;

namespace tools.Benchmarks.Server;

/// <summary>The figures for people and for programs.</summary>
internal static class ServerReport
{
    private const int WidthOfFiles = 160;
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A table on the console.</summary>
    public static void Print(IEnumerable<Figure> figures)
    {
        var table = new Table().AddColumns("figure", "value", "baseline", "ratio");
        table.Columns[1].RightAligned();
        table.Columns[3].RightAligned();
        foreach (var figure in figures)
        {
            table.AddRow(
                Markup.Escape(figure.What),
                $"{Text(figure.Value)} {figure.Unit}",
                figure.Baseline is { } baseline ? Markup.Escape($"{Text(baseline)} {figure.Unit}: {figure.BaselineIs}") : string.Empty,
                figure.Ratio is { } ratio ? Text(ratio) : string.Empty);
        }

        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = WidthOfFiles;
        AnsiConsole.Write(table);
    }

    /// <summary>The same with the sizes and the machine as JSON.</summary>
    public static void Write(string path, ServerBenchmarkOptions options, IReadOnlyList<Figure> figures) => File.WriteAllText(
        path,
        JsonSerializer.Serialize(
            new
            {
                Processors = Environment.ProcessorCount,
                options.ProduceMegabytes,
                options.Rate,
                options.Seconds,
                options.RecoveryMebibytes,
                options.Partitions,
                Figures = figures.Select(static f => new { f.Id, f.What, f.Value, f.Unit, f.Baseline, f.BaselineIs, f.Ratio }),
            },
            s_json));

    private static string Text(double value) => value.ToString(Math.Abs(value) switch { >= 1000 => "#,0", >= 10 => "0.0", >= 0.1 => "0.00", _ => "0.0000" }, CultureInfo.InvariantCulture);
}
