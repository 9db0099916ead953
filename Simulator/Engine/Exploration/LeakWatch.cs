namespace Simulator.Engine.Exploration;

/// <summary>What comes of work that leaves the loop of a simulated node, seen where it leaves.</summary>
internal enum LeakWatch
{
    /// <summary>Nobody looks.</summary>
    Off,

    /// <summary>It is noted, to explain what a count or a touch from another thread finds.</summary>
    Note,

    /// <summary>It fails the run at once.</summary>
    Fail,
}
