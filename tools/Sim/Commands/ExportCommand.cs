using System.CommandLine;
using System.IO;
using Simulator.Engine.Timelines.Export;

namespace tools.Sim.Commands;

/// <summary><c>sim export</c>: one run for the tools of others.</summary>
internal static class ExportCommand
{
    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output, TextWriter error)
    {
        var run = new RunChoice(choice, zoo, error);
        var perfetto = new Option<FileInfo?>("--perfetto") { Description = "Write trace events as JSON to this file, for ui.perfetto.dev and chrome://tracing." };
        var edn = new Option<FileInfo?>("--edn") { Description = "Write the clients' history as EDN to this file, as Jepsen's checkers read it." };
        var command = new Command("export", "Runs one seed or one replay file and writes what happened for other tools.");
        run.AddTo(command);
        command.Add(perfetto);
        command.Add(edn);
        command.SetAction(parsed =>
        {
            var (trace, history) = (parsed.GetValue(perfetto), parsed.GetValue(edn));
            if (trace is null && history is null) throw new UsageException("Nothing to export: give --perfetto FILE or --edn FILE.");
            ReportFile.EnsureWritable(trace);
            ReportFile.EnsureWritable(history);
            var timeline = run.Trace(parsed);
            if (trace is not null)
            {
                using var stream = trace.Create();
                PerfettoTrace.Write(timeline, stream);
                output.WriteLine($"{trace.FullName}: {timeline.Messages.Count} messages, {timeline.Operations.Count} operations");
            }

            if (history is not null)
            {
                using var writer = new StreamWriter(history.FullName, append: false);
                EdnHistory.Write(timeline, writer);
                output.WriteLine($"{history.FullName}: {timeline.Operations.Count} operations");
            }

            return ExitCodes.AllHeld;
        });
        return command;
    }
}
