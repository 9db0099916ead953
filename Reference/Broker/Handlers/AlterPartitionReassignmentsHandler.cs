using System.Collections.Generic;
using Reference.Broker.Controller;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using TopicResult = Reference.Wire.Messages.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;

namespace Reference.Broker.Handlers;

/// <summary>AlterPartitionReassignments: on the controller only; answers what was accepted, each partition for itself. Nothing waits for the end.</summary>
/// <remarks>Replicas null: the reassignment under way is given up (KIP-455).</remarks>
public sealed class AlterPartitionReassignmentsHandler(BrokerServices services)
    : RequestHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<AlterPartitionReassignmentsResponse?> Handle(AlterPartitionReassignmentsRequest request, RequestContext context)
    {
        if (!services.Controller.IsController)
            return new AlterPartitionReassignmentsResponse { ErrorCode = ErrorCode.NotController, ErrorMessage = "This broker is not the controller." };
        var response = new AlterPartitionReassignmentsResponse();
        var seen = new HashSet<TopicPartition>();
        foreach (var topic in request.Topics)
        {
            var result = new TopicResult { Name = topic.Name };
            response.Responses.Add(result);
            foreach (var asked in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, asked.PartitionIndex);
                var outcome = seen.Add(partition)
                    ? await services.Controller.AlterReassignment(partition, asked.Replicas)
                    : new RequestOutcome(ErrorCode.InvalidRequest, $"{partition} stands more than once in the request.");
                result.Partitions.Add(new AlterPartitionReassignmentsResponse.ReassignablePartitionResponse
                {
                    PartitionIndex = asked.PartitionIndex,
                    ErrorCode = outcome.Error,
                    ErrorMessage = ErrorSentence.Of(outcome.Message),
                });
            }
        }

        return response;
    }
}
