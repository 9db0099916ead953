using System;
using Scenarios.Running;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>
/// No clock can be believed: they drift, jump and stand still. Sessions, lags and timeouts go by each node's own clock, so leaders
/// and controllers are replaced that feel well; nothing may rest on two clocks agreeing.
/// </summary>
public static class ClockChaosPlan
{
    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "clock-chaos",
        Description = "clocks that drift, jump and stand still, and processes that freeze past their sessions",
        Faults = static sites =>
        [
            (new ClockDrift(), 6),
            (new ClockJump(), 6),
            (new ClockOffset(), 4),
            (new Freeze { Span = sites.PastTheSession }, 5),
            (new ProcessCrash(), 2),
            (new GracefulRestart(sites.RequestStop), 1),
            (new SlowLinks(), 1),
            (new FullPartition(), 1),
            (new ConnectionReset(), 1),
        ],
        Ambushes = static sites =>
        [
            new(Moments.BrokerLoss, new Freeze { Span = sites.PastTheSession }, 0.5, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(20))),
            new(Moments.Election, new ClockJump(), 0.5, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(200))),
        ],
    };
}
