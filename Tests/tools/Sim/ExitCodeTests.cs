using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Scenarios;
using Scenarios.Zoo;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim;

/// <summary>The exit codes that scripts rely on, and the one sentence that a wrong command line gets.</summary>
public class ExitCodeTests
{
    public static TheoryData<string, string> WrongCommandLines => new()
    {
        { "", "Required command was not provided; see 'sim --help'." },
        { "walk", "There is no command or argument 'walk'; see 'sim --help'." },
        { "run nothing", $"There is no scenario 'nothing'; the scenarios are: {string.Join(", ", Catalogue.All.Select(s => s.Name))}." },
        { "run --seed 5", "There is no option '--seed'; see 'sim run --help'." },
        { "run --seeds few", "'few' names no seeds: give a count such as 200 or an ascending range such as 1..200, of at most 10000000 seeds." },
        { "run --seeds 0", "'0' names no seeds: give a count such as 200 or an ascending range such as 1..200, of at most 10000000 seeds." },
        { "run --seeds 5..2", "'5..2' names no seeds: give a count such as 200 or an ascending range such as 1..200, of at most 10000000 seeds." },
        { "run --seeds 0..18446744073709551615", "'0..18446744073709551615' names no seeds: give a count such as 200 or an ascending range such as 1..200, of at most 10000000 seeds." },
        { "run --jobs 0", "--jobs 0 is not possible: give a number from 1 to 1024." },
        { "run --jobs many", "'many' is not possible for --jobs; see 'sim run --help'." },
        { "run --json /nowhere/report.json", "The folder /nowhere of the report does not exist: make it, or name another file." },
        { "run --json /", "The report / cannot be written: Access to the path '/' is denied." },
        { "run --shard 3", "'3' is no shard: give i/n, such as 2/8." },
        { "run --shard 0/4", "Shard 0/4 does not exist: shards count from 1 to n." },
        { "run --shard 5/4", "Shard 5/4 does not exist: shards count from 1 to n." },
        { "run --seeds 2 --shard 3/4", "Shard 3/4 has no seed of 2: use at most 2 shards." },
        { "run --resume", "--resume needs the folder of the campaign: give it with --out." },
        { "merge", "Option '--out' is required; see 'sim merge --help'." },
        { "merge /nowhere --out merged.json", "There is no folder /nowhere: name the folders that were given to --out." },
        { "replay replication", "'replication' is no replay file: name one, or give a scenario and a seed." },
        { "timeline replication --out page.html", "'replication' is no replay file: name one, or give a scenario and a seed." },
        { "shrink missing.replay.json", "There is no replay file missing.replay.json." },
        { "replay nothing 1", $"There is no scenario 'nothing'; the scenarios are: {string.Join(", ", Catalogue.All.Select(s => s.Name))}." },
        { "replay replication -1", "'-1' is not a seed: give a whole number from 0 to 18446744073709551615." },
        { "replay replication 18446744073709551616", "'18446744073709551616' is not a seed: give a whole number from 0 to 18446744073709551615." },
        { "replay replication 1 --mutant 99", $"There is no planted bug 99; there are: {AllMutants}." },
        { "replay replication 1 --mutant 15", "The planted bug 15 is hunted by the scenario log-recovery, not by replication." },
        { "replay replication 1 --lines -1", "--lines -1 is not possible: give 0 or more." },
        { "zoo 99", $"There is no planted bug 99; there are: {AllMutants}." },
        { "zoo --kills -1", "--kills -1 is not possible: give a number of kills, or 0 for all seeds." },
        { "zoo lion", "There is no command or argument 'lion'; see 'sim zoo --help'." },
    };

    private static string AllMutants => string.Join(", ", BugZoo.Mutants.Select(m => m.Id));

    [Theory]
    [MemberData(nameof(WrongCommandLines))]
    public void Wrong_usage_gives_2_and_one_sentence_with_the_thing_and_the_remedy(string line, string sentence)
    {
        var result = CommandLineResult.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, "", $"sim: {sentence}\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void All_held_gives_0() => Assert.Equal(0, CommandLineResult.Of([new ToyScenario()], "run", "--seeds", "3").ExitCode);

    [Theory]
    [InlineData("run --seeds 3")]
    [InlineData("replay toy 2")]
    public void A_failed_property_gives_1(string line) =>
        Assert.Equal(1, CommandLineResult.Of([new ToyScenario(breaks: seed => seed == 2)], line.Split(' ')).ExitCode);

    [Theory]
    [InlineData("run --seeds 3")]
    [InlineData("run --seeds 3 --check")]
    public void A_scenario_that_throws_for_a_seed_gives_1_with_the_seed_and_its_replay(string line)
    {
        var scenario = new ToyScenario(breaks: seed => seed == 2 ? throw new FormatException("no such topology") : false);
        var result = CommandLineResult.Of([scenario], line.Split(' '));
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        foreach (var part in new[] { "FAILED      toy seed 2", "property    scenario", "no such topology", "replay toy 2", "2 passed, 1 failed" }) Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Equal(1, CommandLineResult.Of([scenario], "replay", "toy", "2", "--dump").ExitCode);
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_refused_before_the_work_and_keeps_no_trace_of_it()
    {
        using var folder = new TempDirectory();
        var prepared = new List<ulong>();
        var scenario = new ToyScenario(breaks: seed =>
        {
            prepared.Add(seed);
            return false;
        });
        Assert.Equal(2, CommandLineResult.Of([scenario], "run", "--seeds", "3", "--json", folder.File("missing/report.json")).ExitCode);
        Assert.Empty(prepared);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
