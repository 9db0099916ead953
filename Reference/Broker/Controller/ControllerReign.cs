using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>
/// What a broker does while it is the controller: reads the cluster's state once, then reacts to events, one at a time. A reign
/// that has ended is thrown away as a whole.
/// </summary>
internal sealed partial class ControllerReign
{
    private readonly KafkaZnodes _znodes;
    private readonly ControllerConfig _config;
    private readonly ControllerDecisions _decisions;
    private readonly ILogger _log;
    private readonly ControllerWatches _watches;
    private readonly ControllerStore _store;
    private readonly ControllerChannelManager _channels;
    private readonly PartitionStateMachine _partitions;
    private readonly ReplicaStateMachine _replicas;
    private readonly StateAdoption _adoption;
    private readonly TopicDeletionManager _deletions;
    private readonly ReassignmentManager _reassignments;
    private readonly LeaderElector _elector;
    private readonly PartitionAdder _adder;
    private readonly Func<ControlRequestBatch> _newBatch;

    public ControllerReign(Node node, int controllerId, ControllerElection election, KafkaZnodes znodes, ControllerConfig config, ControllerDecisions decisions, ILogger log, ControllerWatches watches, Action<ControllerReign, ReignEvent> post)
    {
        Term = new ControllerTerm(election.Epoch, election.EpochZkVersion);
        _znodes = znodes;
        _config = config;
        _decisions = decisions;
        _log = log;
        _watches = watches;
        _store = new ControllerStore(znodes, Term, decisions, log);
        _channels = new ControllerChannelManager(node, config, controllerId, Term, log, item => post(this, item));
        _newBatch = () => new ControlRequestBatch(Context, controllerId, Term.Epoch, config.InterBrokerListener);
        _replicas = new ReplicaStateMachine(Context, _store, Term, _newBatch, _channels, log);
        _adoption = new StateAdoption(Context, _replicas, _newBatch, _channels, log);
        _partitions = new PartitionStateMachine(controllerId, Context, _store, znodes, Term, config, decisions, _adoption, _newBatch, _channels, log);
        _deletions = new TopicDeletionManager(Context, _store, config, _partitions, _replicas, _newBatch, _channels, log);
        _reassignments = new ReassignmentManager(Context, _store, Term, decisions, znodes, watches, _partitions, _replicas, _newBatch, _channels, OnReassigned, log);
        _elector = new LeaderElector(Context, _partitions);
        _adder = new PartitionAdder(Context, _store, log);
    }

    /// <summary>Epoch and end of the reign.</summary>
    public ControllerTerm Term { get; }

    /// <summary>What the controller knows.</summary>
    public ControllerContext Context { get; } = new();

    /// <summary>Ends the reign: nothing is sent any more.</summary>
    public void End()
    {
        Term.End();
        _channels.Close();
    }

    /// <summary>Takes over: watches, reads everything, tells all brokers, elects where leaders are missing.</summary>
    /// <exception cref="ControllerMovedException">The reign is over already.</exception>
    public async LoopTask Begin()
    {
        // Notifications made so far are outdated by what is read next; those made later are seen by the watch.
        var notifications = await _znodes.IsrChanges(_watches.Isrs);
        var failures = await _znodes.LogDirEvents(_watches.LogDirs);
        Term.Ensure();
        await _store.Delete([.. notifications, .. failures]);
        await ReadBrokers();
        var suspects = await ReadTopics();
        var deletions = await _znodes.TopicsToDelete(_watches.Deletions);
        Term.Ensure();
        await _deletions.Enqueue(deletions);
        foreach (var topic in deletions.Where(t => Context.ReplicasOf(t).Any(r => !Context.IsReplicaOnline(r)))) Context.Deletions.MarkIneligible(topic);
        List<PartitionReplica> restarted = [.. suspects.Where(r => !Context.Deletions.IsQueued(r.Partition.Topic))];
        Context.FailedReplicas.UnionWith(restarted);
        UpdateAllMetadata(Context.Brokers.Keys);
        await _replicas.Startup();
        _partitions.Initialize();
        await _partitions.TriggerOnline();
        _adoption.WelcomeBack(restarted);
        foreach (var partition in Context.Reassigning) await _reassignments.Resume(partition);
        await ProcessReassignmentWishes();
        await _deletions.Resume();
        await ProcessPreferredElections();
    }

    /// <summary>Does what an event asks for.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public LoopTask Process(ReignEvent item) => item switch
    {
        ReignEvent.BrokerChange => ProcessBrokerChange(),
        ReignEvent.TopicChange => ProcessTopicChange(),
        ReignEvent.PartitionModifications change => ProcessPartitionModifications(change.Topic),
        ReignEvent.TopicDeletion => ProcessTopicDeletion(),
        ReignEvent.IsrChangeNotification => ProcessIsrChanges(),
        ReignEvent.LeaderAndIsrResponseReceived received when IsOfThisLife(received.BrokerId, received.BrokerEpoch) => ProcessLeaderAndIsrResponse(received),
        ReignEvent.ReplicasDeleted deleted when IsOfThisLife(deleted.BrokerId, deleted.BrokerEpoch) => _deletions.Answered(deleted.BrokerId, deleted.Partitions),
        ReignEvent.LeaderAndIsrResponseReceived or ReignEvent.ReplicasDeleted => LoopTask.Completed,
        ReignEvent.PartitionReassignment => ProcessReassignmentWishes(),
        ReignEvent.ReassignmentIsrChange change => _reassignments.Look(change.Partition),
        ReignEvent.PreferredLeaderElection => ProcessPreferredElections(),
        ReignEvent.TopicConfigChange change => _partitions.TriggerOnline(change.Topic),
        ReignEvent.BrokerOptionsChange => _partitions.TriggerOnline(),
        ReignEvent.LogDirEvent => ProcessLogDirEvents(),
        ReignEvent.PreferredLeaderBalance => BalanceLeaders(),
        _ => throw new InvalidOperationException($"The controller knows no event {item.GetType().Name}."),
    };

    private async LoopTask ReadBrokers()
    {
        var brokers = await _znodes.Brokers(_watches.Brokers);
        Term.Ensure();
        foreach (var broker in brokers)
        {
            Context.Brokers.Add(broker.Id, broker);
            _channels.Add(broker.Info, broker.Epoch);
        }

        Context.LastRegistrationFound = brokers.Max(b => (long?)b.Epoch) ?? 0;
    }

    /// <summary>Reads all assignments and states; gives the replicas that have restarted without any controller's notice.</summary>
    private async LoopTask<IReadOnlyList<PartitionReplica>> ReadTopics()
    {
        var topics = await _znodes.Topics(_watches.Topics);
        foreach (var topic in topics) await ReadTopic(topic);
        List<TopicPartition> all = [.. Context.Partitions];
        var states = await _store.ReadAll(all);
        var restarted = new List<PartitionReplica>();
        for (var i = 0; i < all.Count; i++)
        {
            if (states[i] is not var (state, mzxid)) continue;
            Context.Leadership[all[i]] = state;
            restarted.AddRange(RestartedReplicas.Of(all[i], Context.ReplicasOf(all[i]), state, mzxid, Context.Brokers));
        }

        return restarted;
    }

    /// <summary>Reads an assignment and watches it; gives the partitions that were not known before.</summary>
    private async LoopTask<IReadOnlyList<TopicPartition>> ReadTopic(string topic)
    {
        if (TopicNames.Problem(topic) is { } illegal)
        {
            _log.LogError("The topic under {Root} whose name has {Length} characters is left alone: {Reason} Delete its znode", KafkaPaths.Topics, topic.Length, illegal);
            return [];
        }

        TopicZnode? znode;
        try
        {
            znode = await _znodes.Topic(topic, _watches.Topic);
        }
        catch (MalformedZnodeException e)
        {
            _log.LogError("Topic {Topic} is left alone: {Reason}", topic, e.Message);
            if (!Context.Assignment.ContainsKey(topic)) Context.Unreadable[topic] = e.Message;
            return [];
        }

        Term.Ensure();
        Context.Unreadable.Remove(topic);
        if (znode is null) return [];
        if (!Context.Assignment.TryGetValue(topic, out var known)) Context.Assignment.Add(topic, known = []);
        var added = new List<TopicPartition>();
        foreach (var partition in znode.Partitions.Keys.Where(p => !known.ContainsKey(p)))
        {
            var assignment = AssignmentIn(znode, partition);
            if (assignment.Problem() is { } problem)
            {
                _log.LogError("Partition {Topic}-{Partition} is left alone: {Reason}", topic, partition, problem);
                Context.Unreadable.TryAdd(topic, $"Partition {partition} is left alone: {problem}");
                continue;
            }

            known.Add(partition, assignment);
            added.Add(new TopicPartition(topic, partition));
        }

        return added;
    }

    private static PartitionAssignment AssignmentIn(TopicZnode znode, int partition) =>
        new(znode.Partitions[partition], znode.AddingReplicas.GetValueOrDefault(partition, []), znode.RemovingReplicas.GetValueOrDefault(partition, []));

    private void UpdateAllMetadata(IEnumerable<int> brokers)
    {
        var batch = _newBatch();
        batch.AddFullUpdateMetadata(brokers);
        batch.Send(_channels);
    }

    private void UpdateMetadata(IEnumerable<int> brokers, IEnumerable<TopicPartition> partitions)
    {
        var batch = _newBatch();
        batch.AddUpdateMetadata(brokers, partitions);
        batch.Send(_channels);
    }
}
