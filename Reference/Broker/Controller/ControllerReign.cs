using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
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
    private readonly ILogger _log;
    private readonly ControllerWatches _watches;
    private readonly ControllerStore _store;
    private readonly ControllerChannelManager _channels;
    private readonly PartitionStateMachine _partitions;
    private readonly ReplicaStateMachine _replicas;
    private readonly TopicDeletionManager _deletions;
    private readonly Func<ControlRequestBatch> _newBatch;

    public ControllerReign(Node node, int controllerId, ControllerElection election, KafkaZnodes znodes, ControllerConfig config, ControllerDecisions decisions, ILogger log, ControllerWatches watches, Action<ControllerReign, ReignEvent> post)
    {
        Term = new ControllerTerm(election.Epoch, election.EpochZkVersion);
        _znodes = znodes;
        _config = config;
        _log = log;
        _watches = watches;
        _store = new ControllerStore(znodes, Term, decisions, log);
        _channels = new ControllerChannelManager(node, config, controllerId, Term, log, item => post(this, item));
        _newBatch = () => new ControlRequestBatch(Context, controllerId, Term.Epoch, config.InterBrokerListener);
        _partitions = new PartitionStateMachine(Context, _store, znodes, Term, config, decisions, _newBatch, _channels, log);
        _replicas = new ReplicaStateMachine(Context, _store, znodes, Term, _newBatch, _channels, log);
        _deletions = new TopicDeletionManager(Context, _store, _partitions, _replicas, _newBatch, _channels, log);
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
        Term.Ensure();
        await _store.Delete(notifications);
        await ReadBrokers();
        await ReadTopics();
        var deletions = await _znodes.TopicsToDelete(_watches.Deletions);
        Term.Ensure();
        await _deletions.Enqueue(deletions);
        foreach (var topic in deletions.Where(t => Context.ReplicasOf(t).Any(r => !Context.IsReplicaOnline(r)))) Context.Deletions.MarkIneligible(topic);
        UpdateAllMetadata(Context.Brokers.Keys);
        await _replicas.Startup();
        _partitions.Initialize();
        await _partitions.TriggerOnline();
        await _deletions.Resume();
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
        ReignEvent.LeaderAndIsrResponseReceived received => ProcessLeaderAndIsrResponse(received),
        ReignEvent.ReplicasDeleted deleted => _deletions.Answered(deleted.BrokerId, deleted.Partitions),
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
            _channels.Add(broker.Info);
        }
    }

    private async LoopTask ReadTopics()
    {
        var topics = await _znodes.Topics(_watches.Topics);
        foreach (var topic in topics) await ReadTopic(topic);
        foreach (var partition in Context.Partitions)
        {
            if (await _znodes.PartitionState(partition) is { } state) Context.Leadership[partition] = state;
        }

        Term.Ensure();
    }

    /// <summary>Reads an assignment and watches it; gives the partitions that were not known before.</summary>
    private async LoopTask<IReadOnlyList<TopicPartition>> ReadTopic(string topic)
    {
        TopicZnode? znode;
        try
        {
            znode = await _znodes.Topic(topic, _watches.Topic);
        }
        catch (MalformedZnodeException e)
        {
            _log.LogError("Topic {Topic} is left alone: {Reason}", topic, e.Message);
            return [];
        }

        Term.Ensure();
        if (znode is null) return [];
        if (!Context.Assignment.TryGetValue(topic, out var known)) Context.Assignment.Add(topic, known = []);
        var added = new List<TopicPartition>();
        foreach (var (partition, replicas) in znode.Partitions)
        {
            if (!known.TryAdd(partition, replicas)) continue;
            added.Add(new TopicPartition(topic, partition));
        }

        return added;
    }

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
