using System;
using System.CommandLine;
using System.IO;
using tools.Sim.Campaigns;

namespace tools.Sim.Commands;

/// <summary><c>sim run</c>: scenarios over many seeds.</summary>
internal static class RunCommand
{
    private const string Explanation = """
        A folder given by --out holds campaign.json, results.jsonl (a line per seed, written when it ends) and a report with trace
        of the first 10 failing seeds of each signature. --resume goes on with it; results of another commit, build, scenario, range
        of seeds or shard are refused. What fails is grouped by signature: the property and the first sentence of its message
        without numbers, ids and quoted values.

        Shards count from 1; shard i of n has the seeds i, i+n, i+2n, … of the range. Without --shard it is read from the environment:
          Slurm array       SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _MAX, _STEP
          Kubernetes        JOB_COMPLETION_INDEX (from 0) of an indexed job, and SIM_SHARDS = its completions
          GNU parallel      PARALLEL_SEQ (from 1), if SIM_SHARDS is set; or --shard {#}/{##}
        'sim merge' joins the folders of all shards.

        --check runs each seed in this process and in another one. Where they part, both run again, and the first event that differs
        is shown with the stack of the code that made it so, in both. Work that is handed to the thread pool is named too.

        SIM_SCENARIOS names assemblies with scenarios of your own, separated by ':'.


        Exit codes: 0 all held, 1 a property failed or, with --fail-cold, something was never hit, 2 wrong usage or input,
        3 nondeterminism found.
        """;

    public static Command Create(ScenarioChoice choice, ArrayEnvironment environment, TextWriter output, TextWriter error)
    {
        var scenarios = new Argument<string[]>("scenario") { Description = "Names of scenarios; without one, the default scenario.", Arity = ArgumentArity.ZeroOrMore };
        var seeds = new Option<string>("--seeds") { Description = "A count (200: seeds 1 to 200) or a range (17..40).", DefaultValueFactory = _ => "100" };
        var jobs = JobsOption();
        var json = new Option<FileInfo?>("--json") { Description = "Write the report as JSON to this file." };
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the report as JUnit XML to this file." };
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Keep results, and reports with traces and replay files of failing seeds, in this folder." };
        var resume = new Option<bool>("--resume") { Description = "Go on with the campaign in the folder given by --out." };
        var corpus = new Option<DirectoryInfo?>("--corpus") { Description = "Run the failing runs kept in this folder first, and keep new ones there, one per signature." };
        var shard = new Option<string?>("--shard") { Description = "Run only the i-th of n parts of the seeds: i/n." };
        var check = new Option<bool>("--check") { Description = "Run each seed in two processes and compare the event hashes; without a progress bar, also watch for work on the thread pool." };
        var failCold = new Option<bool>("--fail-cold") { Description = "Fail if a kind of fault, an effect of one, a buggify point or a rare situation was never hit." };
        var command = new ExplainedCommand("run", "Runs scenarios over many seeds and reports what failed.", Explanation) { scenarios, seeds, jobs, json, junit, folder, resume, corpus, shard, check, failCold };
        command.SetAction(parsed =>
        {
            var request = new CampaignRequest
            {
                Scenarios = choice.FindAll(parsed.GetValue(scenarios) ?? []),
                Seeds = SeedSelection.Parse(parsed.GetValue(seeds)!),
                Shard = parsed.GetValue(shard) is { } text ? Shard.Parse(text) : environment.Find() ?? Shard.Whole,
                Jobs = Jobs(parsed.GetValue(jobs)),
                Check = parsed.GetValue(check),
                Resume = parsed.GetValue(resume),
                FailCold = parsed.GetValue(failCold),
                Folder = parsed.GetValue(folder),
                Corpus = parsed.GetValue(corpus),
                Json = parsed.GetValue(json),
                JUnit = parsed.GetValue(junit),
            };
            if (request is { Resume: true, Folder: null }) throw new UsageException("--resume needs the folder of the campaign: give it with --out.");
            return new CampaignSession(request, choice, output, error).Execute();
        });
        return command;
    }

    internal static Option<int> JobsOption() =>
        new("--jobs") { Description = "Number of threads; one seed runs on one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };

    internal static int Jobs(int jobs) => jobs is >= 1 and <= 1024 ? jobs : throw new UsageException($"--jobs {jobs} is not possible: give a number from 1 to 1024.");
}
