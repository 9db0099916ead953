using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Controller;

internal sealed partial class ControllerReign
{
    private async LoopTask ProcessTopicChange()
    {
        var topics = await _znodes.Topics(_watches.Topics);
        Term.Ensure();
        List<string> unreadable = [.. Context.Unreadable.Keys];
        foreach (var gone in unreadable.Except(topics, StringComparer.Ordinal)) Context.Unreadable.Remove(gone);
        foreach (var gone in Context.Assignment.Keys.Except(topics, StringComparer.Ordinal).ToList())
        {
            _log.LogWarning("Topic {Topic} has gone without a wish for its deletion", gone);
            Context.RemoveTopic(gone);
            Context.Deletions.Complete(gone);
        }

        var added = new List<TopicPartition>();
        foreach (var topic in topics.Where(t => !Context.Assignment.ContainsKey(t))) added.AddRange(await ReadTopic(topic));
        await OnNewPartitions(added);
        await OnRepaired(unreadable);
    }

    /// <summary>A topic that is not known yet could not be read when it came: it is new now.</summary>
    private async LoopTask ProcessPartitionModifications(string topic)
    {
        List<string> unreadable = Context.Unreadable.ContainsKey(topic) ? [topic] : [];
        var added = await ReadTopic(topic);
        if (Context.Deletions.IsQueued(topic))
        {
            foreach (var partition in added) Context.Assignment[topic].Remove(partition.Partition);
            if (added.Count > 0) _log.LogError("Partitions were added to topic {Topic} while it is being deleted; they are left alone", topic);
            return;
        }

        await OnNewPartitions(added);
        await OnRepaired(unreadable);
    }

    /// <summary>Where topics can be read again, wishes for their deletion may have waited for that.</summary>
    private LoopTask OnRepaired(IReadOnlyList<string> unreadableBefore) =>
        unreadableBefore.All(Context.Unreadable.ContainsKey) ? LoopTask.Completed : ProcessTopicDeletion();

    private async LoopTask OnNewPartitions(IReadOnlyList<TopicPartition> added)
    {
        if (added.Count == 0) return;
        _log.LogInformation("New partitions {Partitions}", string.Join(", ", added));
        List<PartitionReplica> replicas = [.. added.SelectMany(p => Context.ReplicasOf(p).Select(r => new PartitionReplica(p, r)))];
        _partitions.Fire(added, PartitionTrigger.Create);
        _replicas.Create(replicas);
        await _partitions.Elect(added, ElectionStrategy.Offline);
        _replicas.Start([.. replicas.Where(r => Context.Replica(r).State == ReplicaState.New)]);
        foreach (var partition in added.Where(p => Context.AssignmentOf(p).IsBeingReassigned)) await _reassignments.Resume(partition);
    }

    private async LoopTask ProcessTopicDeletion()
    {
        var topics = await _znodes.TopicsToDelete(_watches.Deletions);
        Term.Ensure();
        await _deletions.Enqueue(topics);
        await _deletions.Resume();
    }

    /// <summary>Leaders have changed ISRs: what stands in the store is read again and told to all.</summary>
    private async LoopTask ProcessIsrChanges()
    {
        var paths = await _znodes.IsrChanges(_watches.Isrs);
        var changed = new SortedSet<TopicPartition>();
        foreach (var path in paths)
        {
            try
            {
                changed.UnionWith(await _znodes.IsrChange(path) ?? []);
            }
            catch (MalformedZnodeException e)
            {
                _log.LogError("A notification is dropped: {Reason}", e.Message);
            }
        }

        Term.Ensure();
        changed.RemoveWhere(p => Context.ReplicasOf(p).Count == 0);
        foreach (var partition in changed.Where(Context.Leadership.ContainsKey))
        {
            if (await _store.Read(partition) is { } state) Context.Leadership[partition] = state;
        }

        // Those whose state could not be read so far are not believed as they are.
        await _partitions.Elect([.. changed.Where(p => Context.Partition(p).State == PartitionState.New && !Context.Deletions.IsQueued(p.Topic))], ElectionStrategy.Offline);
        UpdateMetadata(Context.Brokers.Keys, changed);
        await _store.Delete(paths);
    }
}
