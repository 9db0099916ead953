using System.Globalization;
using System.IO;
using Simulator.Engine.Replay;

namespace tools.Sim.Reports;

/// <summary>What shrinking came to.</summary>
internal static class ShrinkPrinter
{
    public static void Print(TextWriter output, ShrinkReport report, double seconds, string path)
    {
        var (before, after, failure) = (report.Before, report.After, report.File.Failure!);
        output.WriteLine($"property    {failure.Property}");
        output.WriteLine($"state       {failure.Message}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"when        {failure.AtMicros / 1e6:F6} s, event {failure.AtEvent}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"decisions   {before.Decisions} -> {after.Decisions}, {report.Cut:P1} fewer"));
        output.WriteLine($"faults      {before.Faults} -> {after.Faults}");
        output.WriteLine($"operations  {before.Operations} -> {after.Operations}");
        output.WriteLine($"streams     {before.NoisyStreams} -> {after.NoisyStreams} with noise");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"effort      {report.Runs} runs in {seconds:F1} s, {(report.IsFixedPoint ? "to where nothing more can be cut" : "until time was over")}"));
        foreach (var fault in report.File.Script.Faults)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fault       {fault.At.TotalSeconds:F6} s {fault.Plan}"));
        output.WriteLine($"hash        {SummaryPrinter.Hex(report.File.Hash)}");
        output.WriteLine($"replay      dotnet run --project tools/Sim -c Release -- replay {path}");
    }
}
