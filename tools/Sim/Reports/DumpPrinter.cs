using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Simulator.Engine.Inspection;

namespace tools.Sim.Reports;

/// <summary>The state of a cluster at one moment, as tables and as JSON.</summary>
internal static class DumpPrinter
{
    private const string Gap = "  ";

    public static void Print(TextWriter output, StateDump dump)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"state at    {dump.Micros / 1e6:F6} s, after event {dump.Event}, hash {SummaryPrinter.Hex(dump.Hash)}"));
        foreach (var table in dump.Tables) Print(output, table);
    }

    /// <summary>Per table a list of objects, by the names of its columns.</summary>
    public static Dictionary<string, object> Json(StateDump dump)
    {
        var json = new Dictionary<string, object>
        {
            ["seconds"] = dump.Micros / 1e6,
            ["event"] = dump.Event,
            ["hash"] = SummaryPrinter.Hex(dump.Hash),
        };
        foreach (var table in dump.Tables) json[table.Name] = table.Rows.Select(row => table.Columns.Zip(row).ToDictionary(c => c.First, c => c.Second)).ToList();
        return json;
    }

    private static void Print(TextWriter output, StateTable table)
    {
        output.WriteLine();
        output.WriteLine($"{table.Name} ({table.Rows.Count})");
        if (table.Rows.Count == 0) return;
        var widths = table.Columns.Select((name, i) => Math.Max(name.Length, table.Rows.Max(r => r[i].Length))).ToList();
        Line(output, table.Columns, widths);
        foreach (var row in table.Rows) Line(output, row, widths);
    }

    private static void Line(TextWriter output, IReadOnlyList<string> cells, List<int> widths) =>
        output.WriteLine((Gap + string.Join(Gap, cells.Select((c, i) => c.PadRight(widths[i])))).TrimEnd());
}
