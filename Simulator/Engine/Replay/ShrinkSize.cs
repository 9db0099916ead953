using System.Linq;

namespace Simulator.Engine.Replay;

/// <summary>How many decisions a script has.</summary>
/// <param name="Faults">Faults that are injected.</param>
/// <param name="Operations">Operations of the workload.</param>
/// <param name="NoisyStreams">Streams of draws that are not quiet.</param>
public readonly record struct ShrinkSize(int Faults, int Operations, int NoisyStreams)
{
    /// <summary>All together.</summary>
    public int Decisions => Faults + Operations + NoisyStreams;

    /// <summary>The size of a script.</summary>
    public static ShrinkSize Of(RunScript script) => new(script.Faults.Count, script.Operations.Count, script.Streams.Count(s => !s.Value.IsQuiet));
}

/// <summary>What came of shrinking.</summary>
/// <param name="File">The smallest run found that fails by the same property.</param>
/// <param name="Before">The size that it began with.</param>
/// <param name="After">The size that it came to.</param>
/// <param name="Runs">Runs that were tried.</param>
/// <param name="IsFixedPoint">True if nothing that is tried makes it smaller; false if time was over before.</param>
public sealed record ShrinkReport(ReplayFile File, ShrinkSize Before, ShrinkSize After, int Runs, bool IsFixedPoint)
{
    /// <summary>The share of the decisions that were cut, from 0 to 1.</summary>
    public double Cut => Before.Decisions == 0 ? 0 : 1 - ((double)After.Decisions / Before.Decisions);
}
