using Simulator.Engine.Exploration;

namespace tools.Sim.Stepping;

/// <summary>A process that stands still in a run, to be copied whenever a moment after it is asked for.</summary>
/// <param name="Place">Where it is called from.</param>
/// <param name="Event">Number of the last event that has happened in it.</param>
/// <param name="Micros">Virtual time in microseconds.</param>
internal sealed record Checkpoint(Place Place, long Event, long Micros)
{
    /// <summary>True if the run comes to a moment from here. All of it comes after the beginning.</summary>
    public bool IsBefore(RunPoint moment) => moment == default || Event == 0 || Event < moment.Event || Micros < moment.Micros;
}
