using System;
using System.Globalization;

namespace tools.Sim.Campaigns;

/// <summary>
/// The shard that a scheduler's environment names. Slurm tells an array task its number, the lowest and highest one, the step and
/// the count. A Kubernetes indexed job tells the index (from 0), GNU parallel the job's sequence number (from 1); neither tells how
/// many there are, so that this must stand in <c>SIM_SHARDS</c>.
/// </summary>
/// <param name="variable">The value of an environment variable, or null.</param>
internal sealed class ArrayEnvironment(Func<string, string?> variable)
{
    private const string CountVariable = "SIM_SHARDS";

    /// <summary>The shard, or null where no scheduler names one.</summary>
    /// <exception cref="UsageException">A variable is no number, or the numbers do not fit together.</exception>
    public Shard? Find()
    {
        if (variable("SLURM_ARRAY_TASK_ID") is { Length: > 0 }) return OfSlurm();
        if (variable("JOB_COMPLETION_INDEX") is { Length: > 0 }) return OfKubernetes();
        return variable("PARALLEL_SEQ") is { Length: > 0 } && variable(CountVariable) is { Length: > 0 } ? OfParallel() : null;
    }

    // Only an array of evenly spaced numbers tells which place a number has in it.
    private Shard OfSlurm()
    {
        var (id, count) = (Number("SLURM_ARRAY_TASK_ID"), Number("SLURM_ARRAY_TASK_COUNT"));
        var min = Number("SLURM_ARRAY_TASK_MIN");
        var max = Number("SLURM_ARRAY_TASK_MAX", min + count - 1);
        var step = Math.Max(1, Number("SLURM_ARRAY_TASK_STEP", 1));
        if (count < 1 || id < min || (id - min) % step != 0 || max != min + ((count - 1) * step) || (id - min) / step >= count)
        {
            throw new UsageException($"Task {id} of a Slurm array of {count} tasks from {min} to {max} in steps of {step} has no place in an even sequence: use --array=1-N, or give --shard.");
        }

        return new Shard(((id - min) / step) + 1, count);
    }

    private Shard OfKubernetes()
    {
        if (variable(CountVariable) is null or "") throw new UsageException($"JOB_COMPLETION_INDEX is set but {CountVariable} is not: set it to the job's completions, or give --shard.");
        return InRange("JOB_COMPLETION_INDEX", Number("JOB_COMPLETION_INDEX") + 1);
    }

    private Shard OfParallel() => InRange("PARALLEL_SEQ", Number("PARALLEL_SEQ"));

    private Shard InRange(string name, int index)
    {
        var count = Number(CountVariable);
        return index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new UsageException($"{name}={variable(name)} does not fit {CountVariable}={count}: start as many jobs as there are shards.");
    }

    private int Number(string name, int? without = null) => variable(name) switch
    {
        { Length: > 0 } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        null or "" when without is { } number => number,
        var text => throw new UsageException($"{name}='{text}' in the environment is no number: correct it, or give --shard."),
    };
}
