using System.CommandLine;
using System.Globalization;
using System.IO;
using Simulator.Engine.Timelines;
using Simulator.Engine.Timelines.Export;

namespace tools.Sim.Commands;

/// <summary><c>sim timeline</c>: one run as a page to look at.</summary>
internal static class TimelineCommand
{
    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output, TextWriter error)
    {
        var run = new RunChoice(choice, zoo, error);
        var file = new Option<FileInfo>("--out") { Description = "The HTML file to write.", Required = true };
        var command = new Command("timeline", "Runs one seed or one replay file and writes what happened as one HTML file: machines, messages, faults, state, operations.");
        run.AddTo(command);
        command.Add(file);
        command.SetAction(parsed =>
        {
            var page = parsed.GetValue(file)!;
            ReportFile.EnsureWritable(page);
            WritePage(run.Trace(parsed), page, output);
            return ExitCodes.AllHeld;
        });
        return command;
    }

    /// <summary>Writes the page and says what stands in it.</summary>
    public static void WritePage(Timeline timeline, FileInfo page, TextWriter output)
    {
        using (var writer = new StreamWriter(page.FullName, append: false)) TimelinePage.Write(timeline, writer);
        page.Refresh();
        var size = page.Length / 1e6;
        var failure = timeline.Failure is { } f ? $"{f.Property} failed at {f.AtMicros / 1e6:F6} s" : "all held";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{page.FullName}: {timeline.Events} events, {timeline.MessagesSeen} messages, {timeline.Operations.Count} operations, {size:F1} MB; {failure}"));
    }
}
