using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;

namespace tools.Sim.Campaigns;

/// <summary>A failing run that was kept.</summary>
/// <param name="Scenario">Its scenario.</param>
/// <param name="Replay">The run.</param>
/// <param name="Path">Where it is kept.</param>
internal sealed record CorpusEntry(Scenario Scenario, ReplayFile Replay, string Path)
{
    /// <summary>The name of its file.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Runs it again.</summary>
    /// <exception cref="ReplayException">It does not fit its scenario any more.</exception>
    public SeedResult Run()
    {
        try
        {
            return Replay.Run(Scenario) with { ReplayFile = Path };
        }
        catch (ReplayException e)
        {
            throw new ReplayException($"{Path} does not fit: {e.Message}");
        }
    }
}
