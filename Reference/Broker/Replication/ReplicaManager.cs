using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Storage;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>
/// This broker's replicas: takes the controller's orders about them (<c>ReplicaManager.Control.cs</c>), finds them for requests, and runs the
/// loops that check ISRs and tell the controller of ISR changes.
/// </summary>
public sealed partial class ReplicaManager
{
    private static readonly TimeSpan s_propagationCheck = TimeSpan.FromMilliseconds(2500);
    private const long PropagationQuietMs = 5_000;
    private const long PropagationMaxMs = 60_000;

    private readonly ReplicationContext _context;
    private readonly LogManager _logs;
    private readonly FetcherManager _fetchers;
    private readonly Func<string, LoopTask<TopicConfig>> _configOf;
    private readonly Func<TopicPartition, bool> _isKnown;
    private readonly SortedDictionary<TopicPartition, Partition> _partitions = [];
    private readonly SortedSet<TopicPartition> _offline = [];
    private readonly SortedSet<TopicPartition> _isrChanges = [];
    private readonly LoopLock _orders = new();
    private readonly LoopPromise<Nothing> _stopped = new();
    private Action? _giveUpRead;
    private string? _making;
    private TopicConfig? _changedMeanwhile;
    private long _lastIsrChangeMs;
    private long _lastPropagationMs;

    /// <summary>Makes a manager without replicas.</summary>
    /// <param name="context">What all replicas share.</param>
    /// <param name="logs">The logs, loaded.</param>
    /// <param name="configOf">Reads what governs a topic.</param>
    /// <param name="isKnown">Whether the metadata cache has a partition.</param>
    /// <param name="brokers">Where brokers listen, by the metadata cache.</param>
    public ReplicaManager(
        ReplicationContext context,
        LogManager logs,
        Func<string, LoopTask<TopicConfig>> configOf,
        Func<TopicPartition, bool> isKnown,
        Func<int, Endpoint?> brokers)
    {
        _context = context;
        _logs = logs;
        _configOf = configOf;
        _isKnown = isKnown;
        _fetchers = new FetcherManager(context, brokers);
        context.IsrChanged = OnIsrChanged;
    }

    /// <summary>The replicas by partition.</summary>
    public IReadOnlyDictionary<TopicPartition, Partition> Partitions => _partitions;

    /// <summary>The log directories, also those offline.</summary>
    public IReadOnlyList<LogDirectory> LogDirectories => _logs.Directories;

    /// <summary>The highest controller epoch that has given orders.</summary>
    public int ControllerEpoch { get; private set; }

    /// <summary>Starts the loops.</summary>
    public void Start()
    {
        _lastPropagationMs = _context.NowMs;
        _context.Node.Spawn(CheckIsrs());
        _context.Node.Spawn(PropagateIsrChanges());
        _context.Node.Spawn(WatchDirectories());
    }

    /// <summary>Stops fetchers and loops; the replicas keep their last state. Whoever waits gets NOT_LEADER.</summary>
    public async LoopTask Stop()
    {
        _stopped.TrySetResult(default);
        _giveUpRead?.Invoke(); // an order under way may wait for the store, however long it is gone
        await _orders.Acquire();
        _fetchers.Stop();
        foreach (var (id, partition) in _partitions)
        {
            partition.Stop();
            WakeWaiting(id);
        }

        _orders.Release();
    }

    /// <summary>The replica for a request.</summary>
    /// <exception cref="ReplicaException">UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER for another broker's, KAFKA_STORAGE_ERROR.</exception>
    public Partition Find(TopicPartition id)
    {
        if (_partitions.TryGetValue(id, out var partition)) return partition;
        if (_offline.Contains(id)) throw new ReplicaException(ErrorCode.KafkaStorageError, $"The log directory of {id} is offline.");
        throw _isKnown(id)
            ? new ReplicaException(ErrorCode.NotLeaderOrFollower, $"{id} has no replica on this broker.")
            : new ReplicaException(ErrorCode.UnknownTopicOrPartition, $"{id} does not exist.");
    }

    /// <summary>Whether there is a replica of a topic here, or one is being made.</summary>
    public bool Holds(string topic) => _making == topic || _logs.HasTopic(topic);

    /// <summary>Takes over changed options of a topic.</summary>
    public void Reconfigure(string topic, TopicConfig config)
    {
        if (_making == topic) _changedMeanwhile = config; // what its replica was to begin with is out of date (KAFKA-8813)
        foreach (var (id, partition) in _partitions)
        {
            if (id.Topic == topic) partition.Reconfigure(config);
        }
    }

    /// <summary>Something about a partition changed so that all who wait for it must look again.</summary>
    private void WakeWaiting(TopicPartition id)
    {
        _context.Produces.CheckAndComplete(id);
        _context.Fetches.CheckAndComplete(id);
        _context.Deletes.CheckAndComplete(id);
    }

    private async LoopTask CheckIsrs()
    {
        var interval = TimeSpan.FromMilliseconds(Math.Max(1, _context.Config.ReplicaLagTimeMaxMs / 2));
        while (!await _stopped.WaitFor(_context.Node.Clock, interval))
        {
            foreach (var partition in _partitions.Values) partition.CheckIsr();
        }
    }

    private void OnIsrChanged(TopicPartition partition)
    {
        _isrChanges.Add(partition);
        _lastIsrChangeMs = _context.NowMs;
    }

    /// <summary>Tells the controller of ISR changes, in batches: when none came for 5 s, or after 60 s at most, as Kafka does.</summary>
    private async LoopTask PropagateIsrChanges()
    {
        while (!await _stopped.WaitFor(_context.Node.Clock, s_propagationCheck))
        {
            var now = _context.NowMs;
            if (_isrChanges.Count == 0 || (now - _lastIsrChangeMs < PropagationQuietMs && now - _lastPropagationMs < PropagationMaxMs)) continue;
            var changed = new List<TopicPartition>(_isrChanges);
            _isrChanges.Clear();
            _lastPropagationMs = now;
            try
            {
                await _context.IsrStore.PropagateIsrChanges(changed);
            }
            catch (Reference.Coordination.CoordinationException e)
            {
                _context.Log.LogWarning("ISR changes were not propagated: {Reason}", e.Message);
                foreach (var id in changed) _isrChanges.Add(id);
            }
        }
    }

    /// <summary>Replicas in a directory whose disk failed are given up until the broker restarts.</summary>
    private async LoopTask WatchDirectories()
    {
        while (true)
        {
            var failed = await _logs.FailedDirectories.Receive();
            var lost = new List<TopicPartition>();
            foreach (var partition in _partitions.Values)
            {
                if (partition.Log.Directory == failed) lost.Add(partition.Id);
            }

            foreach (var id in lost) LoseDisk(id);
            DirectoryFailed?.Invoke(failed, lost);
            if (_logs.AllOffline) AllDirectoriesFailed?.Invoke(failed);
        }
    }

    private void LoseDisk(TopicPartition id)
    {
        _offline.Add(id);
        _fetchers.Remove(id);
        _partitions[id].LoseDisk();
        WakeWaiting(id);
    }

    /// <summary>Called after the last log of a topic on this broker was deleted.</summary>
    public Action<string>? TopicGone { get; set; }

    /// <summary>
    /// Called once for each log directory that failed, those that failed before <see cref="Start"/> included, after its replicas were
    /// given up, with those that had a role: from now on they answer KAFKA_STORAGE_ERROR, to LeaderAndIsr too. The controller must learn of it.
    /// </summary>
    public Action<LogDirectory, IReadOnlyList<TopicPartition>>? DirectoryFailed { get; set; }

    /// <summary>Called after <see cref="DirectoryFailed"/> when no directory is left: the broker must halt.</summary>
    public Action<LogDirectory>? AllDirectoriesFailed { get; set; }

    /// <summary>The partitions of this broker known to be in log directories that failed.</summary>
    public IReadOnlyCollection<TopicPartition> OfflinePartitions => _offline;
}
