using System.Collections.Generic;
using Reference.Broker.Metadata;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using PartitionState = Reference.Wire.Messages.UpdateMetadataRequest.UpdateMetadataPartitionState;
using ResponsePartition = Reference.Wire.Messages.MetadataResponse.MetadataResponsePartition;
using ResponseTopic = Reference.Wire.Messages.MetadataResponse.MetadataResponseTopic;

namespace Reference.Broker.Handlers;

/// <summary>
/// Metadata: brokers, topics and who leads, as the controller last said. Asking for an unknown topic may create it; until it has
/// leaders it is answered with LEADER_NOT_AVAILABLE, and the client asks again.
/// </summary>
/// <remarks>
/// v0: an empty list means all topics; v1: null does, empty means none. v1 adds controller and internal topics, v2 the cluster id,
/// v4 lets the client forbid creation, v5 offline replicas, v7 leader epochs. Topic ids (v10) are not given out: they are zero, and
/// a topic asked for by id is unknown.
/// </remarks>
public sealed class MetadataHandler(BrokerServices services) : RequestHandler<MetadataRequest, MetadataResponse>
{
    private const int PatienceMs = 3_000;

    private MetadataCache Cache => services.Metadata;

    /// <inheritdoc/>
    public override async LoopTask<MetadataResponse?> Handle(MetadataRequest request, RequestContext context)
    {
        var topics = new List<ResponseTopic>();
        var wantsAll = request.Topics is null || (context.Version == 0 && request.Topics.Count == 0);
        if (wantsAll)
        {
            foreach (var topic in Cache.Topics) topics.Add(Describe(topic));
        }
        else
        {
            foreach (var asked in request.Topics!) topics.Add(await Find(asked, request.AllowAutoTopicCreation, context.Version));
        }

        return new MetadataResponse
        {
            ClusterId = services.ClusterId,
            ControllerId = Cache.Brokers.ContainsKey(Cache.ControllerId) ? Cache.ControllerId : -1,
            Brokers = LiveBrokers(),
            Topics = topics,
        };
    }

    private List<MetadataResponse.MetadataResponseBroker> LiveBrokers()
    {
        var brokers = new List<MetadataResponse.MetadataResponseBroker>();
        foreach (var broker in Cache.Brokers.Values)
        {
            brokers.Add(new MetadataResponse.MetadataResponseBroker
            {
                NodeId = broker.Id,
                Host = broker.Endpoint.Host,
                Port = broker.Endpoint.Port,
                Rack = broker.Rack,
            });
        }

        return brokers;
    }

    private async LoopTask<ResponseTopic> Find(MetadataRequest.MetadataRequestTopic asked, bool allowCreation, short version)
    {
        if (asked.Name is not { } name)
            return new ResponseTopic { ErrorCode = ErrorCode.UnknownTopicId, Name = version >= 12 ? null : string.Empty, TopicId = asked.TopicId };
        if (Cache.PartitionsOf(name) is not null) return Describe(name);
        if (!TopicNames.IsValid(name)) return Failed(name, ErrorCode.InvalidTopicException);
        if (await AppearsSoon(name)) return Describe(name);
        if (!allowCreation || !services.Config.AutoCreateTopics) return Failed(name, ErrorCode.UnknownTopicOrPartition);
        var outcome = await services.TopicCreator.CreateAutomatically(name);
        return Failed(name, outcome.Error is ErrorCode.None or ErrorCode.TopicAlreadyExists ? ErrorCode.LeaderNotAvailable : outcome.Error);
    }

    /// <summary>
    /// A broker that has just started has not been told of all topics yet. "Unknown" would make clients give up or create a topic
    /// that exists, so one that stands in the store is waited for, not longer than a client would mind.
    /// </summary>
    private async LoopTask<bool> AppearsSoon(string name)
    {
        if (!await services.Znodes.TopicExists(name)) return false;
        await TopicChangeWait.Until(services, [name], PatienceMs, () => Cache.PartitionsOf(name) is not null);
        return Cache.PartitionsOf(name) is not null;
    }

    private static ResponseTopic Failed(string name, ErrorCode error) => new() { Name = name, ErrorCode = error };

    private ResponseTopic Describe(string name)
    {
        var topic = new ResponseTopic { Name = name };
        foreach (var state in Cache.PartitionsOf(name)!.Values) topic.Partitions.Add(Describe(state));
        return topic;
    }

    private ResponsePartition Describe(PartitionState state)
    {
        var hasLeader = Cache.Brokers.ContainsKey(state.Leader);
        var partition = new ResponsePartition
        {
            ErrorCode = hasLeader ? ErrorCode.None : ErrorCode.LeaderNotAvailable,
            PartitionIndex = state.PartitionIndex,
            LeaderId = hasLeader ? state.Leader : -1,
            LeaderEpoch = state.LeaderEpoch,
            ReplicaNodes = [.. state.Replicas],
            IsrNodes = [.. state.Isr],
        };
        foreach (var replica in state.Replicas)
        {
            if (!Cache.Brokers.ContainsKey(replica) || state.OfflineReplicas.Contains(replica)) partition.OfflineReplicas.Add(replica);
        }

        return partition;
    }
}
