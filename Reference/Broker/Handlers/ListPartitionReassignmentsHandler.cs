using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Controller;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Asked = Reference.Wire.Messages.ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics;

namespace Reference.Broker.Handlers;

/// <summary>ListPartitionReassignments: on the controller only; partitions that are not being reassigned, or do not exist, are left out.</summary>
public sealed class ListPartitionReassignmentsHandler(BrokerServices services)
    : RequestHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<ListPartitionReassignmentsResponse?> Handle(ListPartitionReassignmentsRequest request, RequestContext context)
    {
        var found = await services.Controller.Reassignments();
        if (found is null)
            return new ListPartitionReassignmentsResponse { ErrorCode = ErrorCode.NotController, ErrorMessage = "This broker is not the controller." };
        return new ListPartitionReassignmentsResponse
        {
            Topics = [.. found.Where(r => IsAsked(request.Topics, r.Partition)).GroupBy(r => r.Partition.Topic).Select(topic => new ListPartitionReassignmentsResponse.OngoingTopicReassignment
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(r => Describe(r.Partition.Partition, r.Assignment))],
            })],
        };
    }

    private static bool IsAsked(List<Asked>? topics, TopicPartition partition) =>
        topics is null || topics.Exists(t => t.Name == partition.Topic && t.PartitionIndexes.Contains(partition.Partition));

    private static ListPartitionReassignmentsResponse.OngoingPartitionReassignment Describe(int partition, PartitionAssignment assignment) => new()
    {
        PartitionIndex = partition,
        Replicas = [.. assignment.Replicas],
        AddingReplicas = [.. assignment.Adding],
        RemovingReplicas = [.. assignment.Removing],
    };
}
