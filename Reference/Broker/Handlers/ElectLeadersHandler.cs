using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Controller;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>ElectLeaders: on the controller only; waits until this broker's metadata shows the leaders elected, at most TimeoutMs.</summary>
/// <remarks>v0 elects preferred leaders (KIP-183); v1 unclean ones too and has an error of the whole request (KIP-460).</remarks>
public sealed class ElectLeadersHandler(BrokerServices services) : RequestHandler<ElectLeadersRequest, ElectLeadersResponse>
{
    private const int PreferredElection = 0;
    private const int UncleanElection = 1;

    /// <inheritdoc/>
    public override async LoopTask<ElectLeadersResponse?> Handle(ElectLeadersRequest request, RequestContext context)
    {
        if (request.ElectionType is not (PreferredElection or UncleanElection)) return Fail(request, ErrorCode.InvalidRequest, $"There is no election of type {request.ElectionType}.", context.Version);
        List<TopicPartition>? asked = request.TopicPartitions is null ? null : [.. Asked(request)];
        var strategy = request.ElectionType == PreferredElection ? ElectionStrategy.Preferred : ElectionStrategy.Unclean;
        var results = await services.Controller.ElectLeaders(asked, strategy);
        if (results is null) return Fail(request, ErrorCode.NotController, "This broker is not the controller.", context.Version);
        List<TopicPartition> elected = [.. results.Where(r => r.Value.Outcome.IsAccepted).Select(r => r.Key)];
        await TopicChangeWait.Until(
            services,
            [.. elected.Select(p => p.Topic).Distinct()],
            request.TimeoutMs,
            () => elected.TrueForAll(p => Leads(p, results[p].Leader)));
        return new ElectLeadersResponse
        {
            ReplicaElectionResults = [.. results.GroupBy(r => r.Key.Topic).Select(topic => new ElectLeadersResponse.ReplicaElectionResult
            {
                Topic = topic.Key,
                PartitionResults = [.. topic.Select(r => Describe(r.Key, r.Value))],
            })],
        };
    }

    private static IEnumerable<TopicPartition> Asked(ElectLeadersRequest request) =>
        request.TopicPartitions!.SelectMany(t => t.PartitionId.Select(p => new TopicPartition(t.Topic, p)));

    private bool Leads(TopicPartition partition, int leader) => services.Metadata.Find(partition) is { } state && state.Leader == leader;

    private ElectLeadersResponse.PartitionResult Describe(TopicPartition partition, ElectionResult result)
    {
        var outcome = result.Outcome;
        if (outcome.IsAccepted && !Leads(partition, result.Leader)) outcome = new RequestOutcome(ErrorCode.RequestTimedOut, $"Broker {result.Leader} was elected, but not all know it yet.");
        return new ElectLeadersResponse.PartitionResult { PartitionId = partition.Partition, ErrorCode = outcome.Error, ErrorMessage = ErrorSentence.Of(outcome.Message) };
    }

    /// <summary>The error of the whole request, in every partition too: version 0 has no other place for it.</summary>
    private static ElectLeadersResponse Fail(ElectLeadersRequest request, ErrorCode error, string message, short version) => new()
    {
        ErrorCode = version > 0 ? error : ErrorCode.None,
        ReplicaElectionResults = [.. (request.TopicPartitions ?? []).Select(topic => new ElectLeadersResponse.ReplicaElectionResult
        {
            Topic = topic.Topic,
            PartitionResults = [.. topic.PartitionId.Select(p => new ElectLeadersResponse.PartitionResult { PartitionId = p, ErrorCode = error, ErrorMessage = message })],
        })],
    };
}
