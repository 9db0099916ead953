using System;
using System.Linq;
using Reference.Broker.Znodes;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Coordination;
using Scenarios.History;
using Simulator.Engine.Timelines;
using Simulator.Platform;
using BrokerPartition = Reference.Broker.TopicPartition;

namespace Scenarios.Workload;

/// <summary>Carries chores out: by requests to the controller, and by znodes as with the tools of old.</summary>
/// <param name="node">Where he sits.</param>
/// <param name="admin">His client of Kafka.</param>
/// <param name="store">Where the coordination store is: "host:port".</param>
/// <param name="history">What all clients did: he knows what they know.</param>
/// <param name="topic">The topic of which he deletes records.</param>
internal sealed class OperatorHands(Node node, Admin admin, string store, ClientHistory history, string topic)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Carries a chore out.</summary>
    public async LoopTask<OperationOutcome> Do(PlannedChore chore)
    {
        try
        {
            return await Attempt(chore);
        }
        catch (KafkaException e)
        {
            return OutcomeOf(e);
        }
        catch (CoordinationException e)
        {
            return e.Error is CoordinationError.NoNode or CoordinationError.NodeExists ? OperationOutcome.Fail : OperationOutcome.Info;
        }
    }

    private async LoopTask<OperationOutcome> Attempt(PlannedChore chore)
    {
        var partition = new TopicPartition(chore.Topic, chore.Partition);
        switch (chore.Kind)
        {
            case ChoreKind.CreateTopic:
                await admin.CreateTopics([new NewTopic(chore.Topic, chore.Partitions)], s_patience);
                break;
            case ChoreKind.DeleteTopic:
                await admin.DeleteTopics([chore.Topic], s_patience);
                break;
            case ChoreKind.AddPartitions:
                await admin.CreatePartitions([new NewPartitions(chore.Topic, chore.Partitions)], s_patience);
                break;
            case ChoreKind.Move:
                return Single(await admin.AlterPartitionReassignments([new NewReplicas(partition, chore.Replicas)], s_patience));
            case ChoreKind.CancelMove:
                return Single(await admin.AlterPartitionReassignments([new NewReplicas(partition, null)], s_patience));
            case ChoreKind.ListMoves:
                await admin.ListPartitionReassignments(null, s_patience);
                break;
            case ChoreKind.ElectPreferred:
                return Single(await admin.ElectLeaders(ElectionType.Preferred, [partition], s_patience));
            case ChoreKind.DeleteRecords:
                await DeleteRecords(chore);
                break;
            case ChoreKind.MoveByZnode:
                var wish = new ReassignmentWish(new BrokerPartition(chore.Topic, chore.Partition), chore.Replicas);
                await InSession(async client => await client.Create(KafkaPaths.ReassignPartitions, ReassignPartitionsZnode.Encode([wish])));
                break;
            default:
                await InSession(async client => await client.Delete(KafkaPaths.Controller));
                break;
        }

        return OperationOutcome.Ok;
    }

    private async LoopTask DeleteRecords(PlannedChore chore)
    {
        var partition = new TopicPartition(topic, chore.Partition);
        var name = partition.ToString();
        var end = 0L;
        foreach (var send in history.Sends)
        {
            if (send.Outcome == SendOutcome.Acknowledged && send.Partition == name) end = Math.Max(end, send.Offset + 1);
        }

        var deletion = history.BeginDeletion(name, chore.Percent == 100 ? -1 : end * chore.Percent / 100);
        var isDone = false;
        try
        {
            await admin.DeleteRecords(partition, deletion.Offset, s_patience);
            isDone = true;
        }
        finally
        {
            deletion.End(isDone);
        }
    }

    private static OperationOutcome Single(System.Collections.Generic.IReadOnlyDictionary<TopicPartition, KafkaException> refused) =>
        refused.Count == 0 ? OperationOutcome.Ok : OutcomeOf(refused.Values.First());

    private static OperationOutcome OutcomeOf(KafkaException e) => e.IsUnknownOutcome ? OperationOutcome.Info : OperationOutcome.Fail;

    // As with zkCli: a session of his own, for one command.
    private async LoopTask InSession(Func<CoordinationClient, LoopTask> act)
    {
        var client = new CoordinationClient(node, new CoordinationClientOptions(store) { SessionTimeout = TimeSpan.FromSeconds(4), StartTimeout = s_patience });
        try
        {
            await client.Start();
            await act(client);
        }
        finally
        {
            node.Spawn(client.Close());
        }
    }
}
