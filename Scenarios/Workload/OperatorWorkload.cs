using System;
using System.Collections.Generic;
using Reference.Broker.Znodes;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Coordination;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Engine.Timelines;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>An operator who does his chores one after another, as planned.</summary>
/// <param name="world">The world.</param>
/// <param name="history">Where he notes what he does.</param>
/// <param name="options">The admin client's options.</param>
/// <param name="store">Where the coordination store is: "host:port".</param>
/// <param name="chores">What he does, in the order of time.</param>
public sealed class OperatorWorkload(SimWorld world, ClientHistory history, AdminOptions options, string store, IReadOnlyList<PlannedChore> chores)
{
    /// <summary>His name and his machine's.</summary>
    public const string Name = "operator";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly SimMachine _machine = world.AddMachine(Name);
    private bool _stopped;

    /// <summary>Begins.</summary>
    public void Start() => _machine.Start(async node =>
    {
        var admin = new Admin(node, options);
        foreach (var chore in chores)
        {
            var wait = (long)chore.At.TotalMicroseconds - world.NowMicros;
            if (wait > 0) await node.Clock.Delay(TimeSpan.FromMicroseconds(wait));
            if (_stopped) break;
            var operation = history.BeginChore(chore);
            history.EndChore(operation, await Do(node, admin, chore));
        }

        await admin.Close();
        await new LoopPromise<Nothing>().Task;
    });

    /// <summary>He begins nothing more.</summary>
    public void Stop() => _stopped = true;

    private async LoopTask<OperationOutcome> Do(Node node, Admin admin, PlannedChore chore)
    {
        try
        {
            switch (chore.Kind)
            {
                case ChoreKind.CreateTopic:
                    await admin.CreateTopics([new NewTopic(chore.Topic, chore.Partitions)], s_patience);
                    break;
                case ChoreKind.DeleteTopic:
                    await admin.DeleteTopics([chore.Topic], s_patience);
                    break;
                default:
                    await Depose(node);
                    break;
            }

            return OperationOutcome.Ok;
        }
        catch (KafkaException e)
        {
            return e.IsUnknownOutcome ? OperationOutcome.Info : OperationOutcome.Fail;
        }
        catch (CoordinationException e)
        {
            return e.Error == CoordinationError.NoNode ? OperationOutcome.Fail : OperationOutcome.Info;
        }
    }

    // As with zkCli: a session of his own, for one command.
    private async LoopTask Depose(Node node)
    {
        var client = new CoordinationClient(node, new CoordinationClientOptions(store) { SessionTimeout = TimeSpan.FromSeconds(4), StartTimeout = s_patience });
        try
        {
            await client.Start();
            await client.Delete(KafkaPaths.Controller);
        }
        finally
        {
            node.Spawn(client.Close());
        }
    }
}
