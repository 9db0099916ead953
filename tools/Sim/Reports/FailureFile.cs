using System.IO;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;

namespace tools.Sim.Reports;

/// <summary>The report of one failing seed as a file, with its trace.</summary>
internal static class FailureFile
{
    private const int LinesKept = 5_000;

    /// <summary>The replay file of a failing seed, if its run can be written down; one that stands there already is kept.</summary>
    public static void WriteReplay(DirectoryInfo folder, string name, Scenario scenario, SeedResult failure, TextWriter error)
    {
        var path = Path.Combine(folder.FullName, name + ReplayFile.Extension);
        if (!failure.FailsAgain || File.Exists(path)) return;
        try
        {
            Recorder.Record(scenario, failure.Seed, BuildInfo.Commit).Save(path);
        }
        catch (ReplayException e)
        {
            error.WriteLine($"sim: {e.Message}");
        }
    }

    /// <summary>Writes the report, whole or not at all. A campaign keeps no traces; the same seed again gives the same run, with them.</summary>
    public static void Write(DirectoryInfo folder, string name, Scenario scenario, SeedResult failure, int? mutant = null)
    {
        var full = failure.FailsAgain ? SeedRunner.Run(scenario, failure.Seed, new RunOptions(TraceLines: LinesKept)) : failure;
        WholeFile.Write(Path.Combine(folder.FullName, name), file => FailurePrinter.Print(file, full, lines: int.MaxValue, mutant));
    }
}
