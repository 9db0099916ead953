using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>Gives each followed partition to the fetcher of its leader; there is one fetcher per leader.</summary>
public sealed class FetcherManager
{
    private readonly ReplicationContext _context;
    private readonly Func<int, Endpoint?> _brokers;
    private readonly SortedDictionary<int, ReplicaFetcher> _fetchers = [];
    private readonly SortedDictionary<int, Endpoint> _endpoints = [];

    /// <summary>No fetchers yet; <paramref name="brokers"/> tells where a broker listens whom no LeaderAndIsr named.</summary>
    public FetcherManager(ReplicationContext context, Func<int, Endpoint?> brokers)
    {
        _context = context;
        _brokers = brokers;
    }

    /// <summary>Follows a partition in its present epoch.</summary>
    public void Add(Partition partition, int leader, Endpoint? endpoint)
    {
        if (endpoint is { } known) _endpoints[leader] = known;
        if (!_fetchers.TryGetValue(leader, out var fetcher))
        {
            _fetchers[leader] = fetcher = new ReplicaFetcher(_context, leader, () => EndpointOf(leader));
            fetcher.Start();
        }

        fetcher.Add(partition);
    }

    /// <summary>Follows a partition no longer; a fetcher without partitions ends.</summary>
    public void Remove(TopicPartition id)
    {
        var idle = new List<int>();
        foreach (var (leader, fetcher) in _fetchers)
        {
            fetcher.Remove(id);
            if (fetcher.IsIdle) idle.Add(leader);
        }

        foreach (var leader in idle)
        {
            _fetchers[leader].Stop();
            _fetchers.Remove(leader);
        }
    }

    /// <summary>Ends all fetchers.</summary>
    public void Stop()
    {
        foreach (var fetcher in _fetchers.Values) fetcher.Stop();
        _fetchers.Clear();
    }

    private Endpoint? EndpointOf(int broker) => _brokers(broker) ?? (_endpoints.TryGetValue(broker, out var endpoint) ? endpoint : null);
}
