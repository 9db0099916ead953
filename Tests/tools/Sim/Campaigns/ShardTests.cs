using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using tools.Sim;
using tools.Sim.Campaigns;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary>Which seeds are a shard's, and what schedulers call it.</summary>
public class ShardTests
{
    [Fact]
    public void The_shards_of_any_seeds_are_disjoint_even_and_together_all() => Prop.ForAll<PositiveInt, PositiveInt>((seeds, shards) =>
    {
        var all = Enumerable.Range(1, seeds.Get).ToList();
        var parts = Enumerable.Range(1, shards.Get).Select(i => new Shard(i, shards.Get).Of(all)).ToList();
        return all.SequenceEqual(parts.SelectMany(p => p).Order()) && parts.Max(p => p.Count) - parts.Min(p => p.Count) <= 1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_STEP=1", "3/4")]
    [InlineData("SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0", "1/4")]
    [InlineData("SLURM_ARRAY_TASK_ID=20 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_MAX=20 SLURM_ARRAY_TASK_STEP=5", "3/3")]
    [InlineData("JOB_COMPLETION_INDEX=0 SIM_SHARDS=5", "1/5")]
    [InlineData("JOB_COMPLETION_INDEX=4 SIM_SHARDS=5", "5/5")]
    [InlineData("PARALLEL_SEQ=2 SIM_SHARDS=3", "2/3")]
    [InlineData("PARALLEL_SEQ=2", null)]
    [InlineData("SIM_SHARDS=3", null)]
    [InlineData("", null)]
    public void A_scheduler_s_environment_names_the_shard(string environment, string? shard) =>
        Assert.Equal(shard, In(environment).Find()?.ToString());

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7", "Task 7 of a Slurm array of 3 tasks from 1 to 7 in steps of 1 has no place in an even sequence: use --array=1-N, or give --shard.")]
    [InlineData("SLURM_ARRAY_TASK_ID=2", "SLURM_ARRAY_TASK_COUNT='' in the environment is no number: correct it, or give --shard.")]
    [InlineData("JOB_COMPLETION_INDEX=1", "JOB_COMPLETION_INDEX is set but SIM_SHARDS is not: set it to the job's completions, or give --shard.")]
    [InlineData("JOB_COMPLETION_INDEX=5 SIM_SHARDS=5", "JOB_COMPLETION_INDEX=5 does not fit SIM_SHARDS=5: start as many jobs as there are shards.")]
    [InlineData("PARALLEL_SEQ=4 SIM_SHARDS=3", "PARALLEL_SEQ=4 does not fit SIM_SHARDS=3: start as many jobs as there are shards.")]
    [InlineData("PARALLEL_SEQ=1 SIM_SHARDS=many", "SIM_SHARDS='many' in the environment is no number: correct it, or give --shard.")]
    public void An_environment_that_does_not_add_up_is_refused(string environment, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => In(environment).Find()).Message);

    [Fact]
    public void An_explicit_shard_wins_over_the_environment()
    {
        var slurm = new Dictionary<string, string> { ["SLURM_ARRAY_TASK_ID"] = "1", ["SLURM_ARRAY_TASK_COUNT"] = "5", ["SLURM_ARRAY_TASK_MIN"] = "1" };
        Assert.Contains("seeds       2: 2 passed", CommandLineResult.In(slurm, [new ToyScenario()], "run", "--seeds", "10").Output, StringComparison.Ordinal);
        Assert.Contains("seeds       10: 10 passed", CommandLineResult.In(slurm, [new ToyScenario()], "run", "--seeds", "10", "--shard", "1/1").Output, StringComparison.Ordinal);
    }

    private static ArrayEnvironment In(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(v => v.Split('=')[0], v => v.Split('=')[1]);
        return new ArrayEnvironment(name => variables.GetValueOrDefault(name));
    }
}
