using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>
/// Deletes topics: their partitions lose their leaders, live brokers delete their replicas, and when all have, the znodes go.
/// A replica on a dead broker makes its topic wait until the broker returns.
/// </summary>
internal sealed class TopicDeletionManager(
    ControllerContext context,
    ControllerStore store,
    ControllerConfig config,
    PartitionStateMachine partitions,
    ReplicaStateMachine replicas,
    System.Func<ControlRequestBatch> newBatch,
    ControllerChannelManager channels,
    ILogger log)
{
    /// <summary>
    /// Notes wishes for deletion; wishes for topics that do not exist are taken away, and those for topics with a reassignment under way
    /// are put off until it is done. Where deletion is switched off all are taken away. A topic that cannot be read wholly is not deleted: nobody
    /// could tell its brokers, and they would serve it on. The wish for it stands until it has been repaired.
    /// </summary>
    public async LoopTask Enqueue(IReadOnlyList<string> topics)
    {
        if (!config.DeleteTopics)
        {
            if (topics.Count > 0) log.LogWarning("Topics [{Topics}] are not deleted, since delete.topic.enable is false: the wishes are taken away", string.Join(", ", topics));
            await store.Delete([.. topics.Select(KafkaPaths.DeleteTopic)]);
            return;
        }

        foreach (var topic in topics)
        {
            if (await Unreadable(topic) is { } reason)
            {
                context.Unreadable[topic] = reason;
                log.LogError("Topic {Topic} is deleted when its znode {Path} has been repaired: {Reason}", topic, KafkaPaths.Topic(topic), reason);
            }
            else if (!context.Assignment.ContainsKey(topic)) await store.DeleteTopic(topic);
            else if (context.IsBeingReassigned(topic)) Postpone(topic);
            else context.Deletions.Enqueue(topic);
        }
    }

    /// <summary>A reassignment of the topic is done or given up: a deletion that waited for it begins.</summary>
    public async LoopTask ResumeAfterReassignment(string topic)
    {
        if (!context.Deletions.IsPostponed(topic) || context.IsBeingReassigned(topic)) return;
        context.Deletions.Enqueue(topic);
        await Resume();
    }

    /// <summary>Brokers have come: what waited for them goes on.</summary>
    public LoopTask ResumeFor(IEnumerable<string> topics)
    {
        foreach (var topic in topics) context.Deletions.MarkEligible(topic);
        return Resume();
    }

    /// <summary>Takes every deletion a step on.</summary>
    public async LoopTask Resume()
    {
        foreach (var topic in context.Deletions.Queued)
        {
            var all = context.ReplicasOf(topic);
            if (all.All(r => context.Replica(r).State == ReplicaState.DeletionSuccessful))
            {
                await Complete(topic, all);
            }
            else if (!context.Deletions.IsIneligible(topic) && all.All(r => context.Replica(r).State != ReplicaState.DeletionStarted))
            {
                await Delete(topic, all);
            }
        }
    }

    /// <summary>Replicas whose broker has died while their topic is being deleted: it waits.</summary>
    public async LoopTask Fail(IReadOnlyList<PartitionReplica> gone)
    {
        await replicas.Stop([.. gone.Where(r => context.Replica(r).State is ReplicaState.Online or ReplicaState.New)]);
        replicas.Fire(gone.Where(r => context.Replica(r).State is ReplicaState.DeletionStarted or ReplicaState.Offline), ReplicaTrigger.FailDeletion);
        foreach (var replica in gone.Where(r => context.Replica(r).State != ReplicaState.DeletionSuccessful)) context.Deletions.MarkIneligible(replica.Partition.Topic);
    }

    /// <summary>A broker has answered.</summary>
    public LoopTask Answered(int broker, IReadOnlyList<(TopicPartition Partition, ErrorCode Error)> outcomes)
    {
        foreach (var (partition, error) in outcomes)
        {
            var replica = new PartitionReplica(partition, broker);
            if (!context.Deletions.IsQueued(partition.Topic) || context.Replica(replica).State != ReplicaState.DeletionStarted) continue;
            if (error == ErrorCode.None)
            {
                replicas.Fire([replica], ReplicaTrigger.Deleted);
                continue;
            }

            log.LogWarning("Broker {Broker} could not delete {Partition}: {Error}", broker, partition, error);
            replicas.Fire([replica], ReplicaTrigger.FailDeletion);
            context.Deletions.MarkIneligible(partition.Topic);
        }

        return Resume();
    }

    private async LoopTask<string?> Unreadable(string topic) =>
        context.Unreadable.TryGetValue(topic, out var known) ? known
        : context.Assignment.ContainsKey(topic) ? null
        : await store.TopicProblem(topic);

    private void Postpone(string topic)
    {
        context.Deletions.Postpone(topic);
        log.LogInformation("The deletion of topic {Topic} waits for its reassignment", topic);
    }

    private async LoopTask Delete(string topic, IReadOnlyList<PartitionReplica> all)
    {
        if (context.Deletions.Start(topic))
        {
            partitions.Fire(context.PartitionsOf(topic), PartitionTrigger.LoseLeader);
            partitions.Fire(context.PartitionsOf(topic), PartitionTrigger.Delete);
        }

        var batch = newBatch();
        batch.AddUpdateMetadata(context.Brokers.Keys, context.PartitionsOf(topic));
        batch.Send(channels);

        var remaining = all.Where(r => context.Replica(r).State != ReplicaState.DeletionSuccessful).ToList();
        var alive = remaining.Where(r => context.IsReplicaOnline(r, includeShuttingDown: true)).ToList();
        var dead = remaining.Where(r => !context.IsReplicaOnline(r, includeShuttingDown: true)).ToList();
        await replicas.Stop(alive);
        replicas.Delete(alive);
        if (dead.Count > 0) await Fail(dead);
    }

    private async LoopTask Complete(string topic, IReadOnlyList<PartitionReplica> all)
    {
        replicas.Fire(all, ReplicaTrigger.Forget);
        await store.DeleteTopic(topic);
        context.RemoveTopic(topic);
        context.Deletions.Complete(topic);
        log.LogInformation("Topic {Topic} has been deleted", topic);
    }
}
