using System;
using System.Collections.Generic;
using Reference.Clients.Administration;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>An operator who does his chores one after another, as planned.</summary>
/// <param name="world">The world.</param>
/// <param name="history">Where he notes what he does.</param>
/// <param name="options">The admin client's options.</param>
/// <param name="store">Where the coordination store is: "host:port".</param>
/// <param name="topic">The topic of which he deletes records.</param>
/// <param name="chores">What he does, in the order of time.</param>
public sealed class OperatorWorkload(SimWorld world, ClientHistory history, AdminOptions options, string store, string topic, IReadOnlyList<PlannedChore> chores)
{
    /// <summary>His name and his machine's.</summary>
    public const string Name = "operator";

    private readonly SimMachine _machine = world.AddMachine(Name);
    private bool _stopped;

    /// <summary>Begins.</summary>
    public void Start() => _machine.Start(async node =>
    {
        var admin = new Admin(node, options);
        var hands = new OperatorHands(node, admin, store, history, topic);
        foreach (var chore in chores)
        {
            var wait = (long)chore.At.TotalMicroseconds - world.NowMicros;
            if (wait > 0) await node.Clock.Delay(TimeSpan.FromMicroseconds(wait));
            if (_stopped) break;
            var operation = history.BeginChore(chore);
            history.EndChore(operation, await hands.Do(chore));
        }

        await admin.Close();
        await new LoopPromise<Nothing>().Task;
    });

    /// <summary>He begins nothing more.</summary>
    public void Stop() => _stopped = true;
}
