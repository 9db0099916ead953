using Reference.Broker.Configuration;
using Reference.Broker.Controller;
using Reference.Broker.Handlers.Sessions;
using Reference.Broker.Metadata;
using Reference.Broker.Purgatory;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>The parts of a broker that its handlers use.</summary>
public sealed record BrokerServices
{
    /// <summary>The process.</summary>
    public required Node Node { get; init; }

    /// <summary>This broker.</summary>
    public required int BrokerId { get; init; }

    /// <summary>The cluster's id.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The configuration.</summary>
    public required BrokerConfig Config { get; init; }

    /// <summary>The decisions.</summary>
    public required BrokerDecisions Decisions { get; init; }

    /// <summary>Waiting produces and fetches.</summary>
    public required ReplicationContext Replication { get; init; }

    /// <summary>The replicas.</summary>
    public required ReplicaManager Replicas { get; init; }

    /// <summary>The fetch sessions.</summary>
    public required FetchSessionCache FetchSessions { get; init; }

    /// <summary>What the controller last said about the cluster.</summary>
    public required MetadataCache Metadata { get; init; }

    /// <summary>Requests that wait for the metadata of a topic to change.</summary>
    public required Purgatory<string> TopicChanges { get; init; }

    /// <summary>The coordination store.</summary>
    public required KafkaZnodes Znodes { get; init; }

    /// <summary>Creates topics.</summary>
    public required TopicCreator TopicCreator { get; init; }

    /// <summary>Gives out producer ids.</summary>
    public required ProducerIds ProducerIds { get; init; }

    /// <summary>This broker's part in the controller's election, and the controller when elected.</summary>
    public required KafkaController Controller { get; init; }

    /// <summary>Epoch of this broker's present registration.</summary>
    public long BrokerEpoch => Controller.BrokerEpoch;
}
