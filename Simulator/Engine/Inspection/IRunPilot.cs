using Simulator.Engine.Exploration;

namespace Simulator.Engine.Inspection;

/// <summary>Says where a run pauses, and looks at it there. A run that pauses goes the same way as one that does not.</summary>
public interface IRunPilot
{
    /// <summary>The run pauses: before its beginning, at the moment that was named last, and once more at its end.</summary>
    /// <returns>Where it pauses next, later than now; <c>default</c> for its end.</returns>
    RunPoint Pause(PausedRun run);
}
