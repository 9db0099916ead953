using System;
using System.Collections.Generic;
using Reference.Wire.Messages;
using Simulator.Platform;
using PartitionState = Reference.Wire.Messages.UpdateMetadataRequest.UpdateMetadataPartitionState;

namespace Reference.Broker.Metadata;

/// <summary>A live broker as clients see it.</summary>
/// <param name="Id">Broker id.</param>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Rack">Its rack, or null.</param>
public sealed record LiveBroker(int Id, Endpoint Endpoint, string? Rack);

/// <summary>What the controller's UpdateMetadata requests last said about brokers and partitions.</summary>
public sealed class MetadataCache
{
    private const int LeaderDuringDelete = -2;

    private readonly string _listener;
    private readonly SortedDictionary<int, LiveBroker> _brokers = [];
    private readonly SortedDictionary<string, SortedDictionary<int, PartitionState>> _topics = new(StringComparer.Ordinal);

    /// <summary>An empty cache; of each broker the endpoint of <paramref name="listener"/> counts.</summary>
    public MetadataCache(string listener = "PLAINTEXT") => _listener = listener;

    /// <summary>Broker id of the controller; -1 while unknown.</summary>
    public int ControllerId { get; private set; } = -1;

    /// <summary>The live brokers by id.</summary>
    public IReadOnlyDictionary<int, LiveBroker> Brokers => _brokers;

    /// <summary>All topics in ordinal order.</summary>
    public IReadOnlyCollection<string> Topics => _topics.Keys;

    /// <summary>Where a broker listens; null if it is not alive.</summary>
    public Endpoint? EndpointOf(int broker) => _brokers.TryGetValue(broker, out var found) ? found.Endpoint : null;

    /// <summary>The partitions of a topic by number; null if there is no such topic.</summary>
    public IReadOnlyDictionary<int, PartitionState>? PartitionsOf(string topic) => _topics.GetValueOrDefault(topic);

    /// <summary>A partition's state, or null.</summary>
    public PartitionState? Find(TopicPartition id) =>
        _topics.TryGetValue(id.Topic, out var partitions) ? partitions.GetValueOrDefault(id.Partition) : null;

    /// <summary>True if every partition of a topic has a leader that is alive.</summary>
    public bool HasLeaders(string topic, int partitions)
    {
        if (!_topics.TryGetValue(topic, out var states) || states.Count < partitions) return false;
        foreach (var state in states.Values)
        {
            if (!_brokers.ContainsKey(state.Leader)) return false;
        }

        return true;
    }

    /// <summary>
    /// Takes over an update whose epochs have been checked; gives the topics it names or takes away. Updates are increments, and
    /// what one that was missed has deleted stays; so the first one of a new controller or of a new registration is a full one.
    /// </summary>
    public IReadOnlyCollection<string> Update(UpdateMetadataRequest request)
    {
        ControllerId = request.ControllerId;
        _brokers.Clear();
        foreach (var broker in request.LiveBrokers)
        {
            if (EndpointOf(broker) is { } endpoint) _brokers[broker.Id] = new LiveBroker(broker.Id, endpoint, broker.Rack);
        }

        var touched = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var state in request.UngroupedPartitionStates) Update(state.TopicName, state, touched);
        foreach (var topic in request.TopicStates)
        {
            foreach (var state in topic.PartitionStates) Update(topic.TopicName, state, touched);
        }

        if (request.Type == UpdateMetadataRequest.FullUpdate) ForgetOthers(request, touched);
        return touched;
    }

    private void ForgetOthers(UpdateMetadataRequest request, SortedSet<string> touched)
    {
        var named = new HashSet<(string, int)>();
        foreach (var topic in request.TopicStates)
        {
            foreach (var state in topic.PartitionStates) named.Add((topic.TopicName, state.PartitionIndex));
        }

        foreach (var topic in new List<string>(_topics.Keys))
        {
            var partitions = _topics[topic];
            foreach (var partition in new List<int>(partitions.Keys))
            {
                if (!named.Contains((topic, partition))) partitions.Remove(partition);
            }

            touched.Add(topic);
            if (partitions.Count == 0) _topics.Remove(topic);
        }
    }

    private void Update(string topic, PartitionState state, SortedSet<string> touched)
    {
        touched.Add(topic);
        if (state.Leader != LeaderDuringDelete)
        {
            if (!_topics.TryGetValue(topic, out var partitions)) _topics[topic] = partitions = [];
            partitions[state.PartitionIndex] = state;
        }
        else if (_topics.TryGetValue(topic, out var doomed))
        {
            doomed.Remove(state.PartitionIndex);
            if (doomed.Count == 0) _topics.Remove(topic);
        }
    }

    private Endpoint? EndpointOf(UpdateMetadataRequest.UpdateMetadataBroker broker)
    {
        foreach (var endpoint in broker.Endpoints)
        {
            if (endpoint.Listener.Length == 0 || endpoint.Listener == _listener) return new Endpoint(endpoint.Host, endpoint.Port);
        }

        return broker.V0Host.Length > 0 ? new Endpoint(broker.V0Host, broker.V0Port) : null;
    }
}
