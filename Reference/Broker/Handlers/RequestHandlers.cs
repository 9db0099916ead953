using System.Collections.Generic;
using Reference.Wire;

namespace Reference.Broker.Handlers;

/// <summary>The handlers by API: the one table from which requests are dispatched and ApiVersions is answered.</summary>
public sealed class RequestHandlers
{
    private readonly SortedDictionary<ApiKey, IRequestHandler> _handlers = [];

    /// <summary>All handlers of a broker.</summary>
    public RequestHandlers(BrokerServices services)
    {
        Add(new ProduceHandler(services));
        Add(new FetchHandler(services));
        Add(new ListOffsetsHandler(services));
        Add(new MetadataHandler(services));
        Add(new LeaderAndIsrHandler(services));
        Add(new StopReplicaHandler(services));
        Add(new UpdateMetadataHandler(services));
        Add(new ControlledShutdownHandler(services));
        Add(new ApiVersionsHandler(this));
        Add(new CreateTopicsHandler(services));
        Add(new DeleteTopicsHandler(services));
        Add(new DeleteRecordsHandler(services));
        Add(new InitProducerIdHandler(services));
        Add(new OffsetForLeaderEpochHandler(services));
        Add(new DescribeLogDirsHandler(services));
        Add(new CreatePartitionsHandler(services));
        Add(new ElectLeadersHandler(services));
        Add(new AlterPartitionReassignmentsHandler(services));
        Add(new ListPartitionReassignmentsHandler(services));
    }

    /// <summary>All by ascending key.</summary>
    public IReadOnlyCollection<IRequestHandler> All => _handlers.Values;

    /// <summary>The handler of an API, or null.</summary>
    public IRequestHandler? Find(ApiKey api) => _handlers.GetValueOrDefault(api);

    private void Add(IRequestHandler handler) => _handlers.Add(handler.Api, handler);
}
