using System;
using System.Collections.Generic;
using Reference.Clients.Metadata;
using Reference.Wire;
using Reference.Wire.Schema;
using Simulator.Platform;

namespace Reference.Clients.Network;

/// <summary>A client's connections to the brokers by id, and its metadata. Producer, consumer and admin each have one.</summary>
internal sealed class NetworkClient
{
    private readonly Node _node;
    private readonly ClientOptions _options;
    private readonly SortedDictionary<int, BrokerConnection> _byId = [];
    private readonly List<BrokerConnection> _bootstrap = [];
    private readonly RandomStream _random;

    public NetworkClient(Node node, ClientOptions options)
    {
        options.Validate();
        _node = node;
        _options = options;
        _random = node.Random.Stream("client-broker-choice");
        foreach (var endpoint in options.BootstrapServers) _bootstrap.Add(new BrokerConnection(node, options, endpoint));
        Metadata = new MetadataCache(node, options, this);
    }

    /// <summary>What is known of the cluster, and its refresher.</summary>
    public MetadataCache Metadata { get; }

    /// <summary>True after <see cref="Close"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The connection to a broker that the metadata knows, or null.</summary>
    public BrokerConnection? Broker(int id)
    {
        if (!Metadata.Current.Brokers.TryGetValue(id, out var endpoint)) return null;
        if (_byId.TryGetValue(id, out var known))
        {
            if (known.Endpoint == endpoint) return known;
            _node.Spawn(known.Close());
        }

        return _byId[id] = new BrokerConnection(_node, _options, endpoint);
    }

    /// <summary>Sends in the highest common version to a broker, dialling first if need be.</summary>
    /// <exception cref="KafkaException">BrokerNotAvailable (unknown id), no connection, no answer.</exception>
    public LoopTask<TResponse> Send<TRequest, TResponse>(int broker, IRequest<TRequest, TResponse> request)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse> => Send<TRequest, TResponse>(broker, _ => (TRequest)request, _options.RequestTimeout);

    /// <summary>Sends a request whose content depends on the version negotiated.</summary>
    /// <exception cref="KafkaException">BrokerNotAvailable (unknown id), no connection, no answer.</exception>
    public LoopTask<TResponse> Send<TRequest, TResponse>(int broker, Func<short, TRequest> request, TimeSpan timeout)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse> =>
        Broker(broker) is { } connection
            ? SendOver<TRequest, TResponse>(connection, request, timeout)
            : LoopTask.FromException<TResponse>(new KafkaException(ErrorCode.BrokerNotAvailable, $"The address of broker {broker} is not known."));

    /// <summary>Sends to the broker with the least to do; a ready one is preferred, one that failed just now avoided.</summary>
    /// <exception cref="KafkaException">No connection, no answer.</exception>
    public LoopTask<TResponse> SendToAny<TRequest, TResponse>(Func<short, TRequest> request)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse> => SendOver<TRequest, TResponse>(LeastLoaded(), request, _options.RequestTimeout);

    /// <summary>Closes all connections; requests without an answer fail.</summary>
    public async LoopTask Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        Metadata.Close();
        foreach (var connection in new List<BrokerConnection>(_byId.Values)) await connection.Close();
        foreach (var connection in _bootstrap) await connection.Close();
    }

    private static async LoopTask<TResponse> SendOver<TRequest, TResponse>(BrokerConnection connection, Func<short, TRequest> make, TimeSpan timeout)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse>
    {
        await connection.Ready();
        var version = connection.VersionOf(TRequest.Api);
        return await connection.Send<TRequest, TResponse>(make(version), version, timeout);
    }

    // Those that the metadata names may all be gone for good while others have come: then the bootstrap servers are asked again (KIP-899).
    private BrokerConnection LeastLoaded()
    {
        var candidates = new List<BrokerConnection>();
        foreach (var id in Metadata.Current.Brokers.Keys) candidates.Add(Broker(id)!);
        var all = candidates.Count > 0 && candidates.Exists(static c => !c.HasFailed) ? candidates : [.. candidates, .. _bootstrap];
        var best = all[_random.Next(all.Count)];
        foreach (var candidate in all)
        {
            if (Rank(candidate) < Rank(best)) best = candidate;
        }

        return best;
    }

    private static int Rank(BrokerConnection connection) =>
        connection.IsReady ? Math.Min(connection.Load, 1_000) : connection.IsBackingOff ? 10_000 : connection.HasFailed ? 7_000 : 5_000;
}
