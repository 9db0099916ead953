using System.CommandLine;
using System.IO;
using tools.Sim.Campaigns;

namespace tools.Sim.Commands;

/// <summary><c>sim merge</c>: the results of a campaign's shards as one report.</summary>
internal static class MergeCommand
{
    private const string Explanation = """
        The report is that of an unsharded run over the same seeds: the same counts and the same hash; its wall time is the sum over
        the seeds. Refused, and nothing written: results of different commits, scenarios or seeds, or of different builds of a tree
        that was changed since its commit; a missing or unfinished shard; a seed with two different results.

        Exit codes: 0 all held, 1 a property failed, 2 wrong usage or input, 3 nondeterminism found.
        """;

    public static Command Create(TextWriter output)
    {
        var folders = new Argument<string[]>("dir") { Description = "Folders given to 'sim run --out', or a folder of such folders.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<FileInfo>("--out") { Description = "Write the report as JSON to this file.", Required = true };
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the report as JUnit XML to this file." };
        var failCold = new Option<bool>("--fail-cold") { Description = "Fail if a kind of fault, an effect of one, a buggify point or a rare situation was never hit." };
        var command = new ExplainedCommand("merge", "Joins the results of the shards of a campaign.", Explanation) { folders, json, junit, failCold };
        command.SetAction(parsed =>
        {
            var (file, xml) = (parsed.GetValue(json)!, parsed.GetValue(junit));
            ReportFile.EnsureWritable(file);
            ReportFile.EnsureWritable(xml);
            var merge = new CampaignMerge(parsed.GetValue(folders)!);
            return new CampaignReports(merge.Join(), merge.Commit) { FailCold = parsed.GetValue(failCold), Json = file, JUnit = xml }.Finish(output, print: true);
        });
        return command;
    }
}
