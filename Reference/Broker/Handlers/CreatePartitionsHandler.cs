using System.Collections.Generic;
using Reference.Broker.Controller;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Result = Reference.Wire.Messages.CreatePartitionsResponse.CreatePartitionsTopicResult;

namespace Reference.Broker.Handlers;

/// <summary>CreatePartitions: on the controller only; waits until all partitions have a leader, at most TimeoutMs.</summary>
/// <remarks>Assignments null: the controller spreads the new replicas. v3 may tell of a spent quota; there is none here.</remarks>
public sealed class CreatePartitionsHandler(BrokerServices services) : RequestHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<CreatePartitionsResponse?> Handle(CreatePartitionsRequest request, RequestContext context)
    {
        var response = new CreatePartitionsResponse();
        var grown = new SortedDictionary<string, (Result Result, int Count)>(System.StringComparer.Ordinal);
        foreach (var topic in request.Topics)
        {
            var outcome = request.Topics.FindAll(t => t.Name == topic.Name).Count > 1
                ? new RequestOutcome(ErrorCode.InvalidRequest, $"The topic '{topic.Name}' stands more than once in the request.")
                : await services.Controller.AddPartitions(topic, request.ValidateOnly);
            var result = new Result { Name = topic.Name, ErrorCode = outcome.Error, ErrorMessage = ErrorSentence.Of(outcome.Message) };
            response.Results.Add(result);
            if (outcome.IsAccepted && !request.ValidateOnly) grown.Add(topic.Name, (result, topic.Count));
        }

        await TopicChangeWait.Until(services, [.. grown.Keys], request.TimeoutMs, () => AreAllLed(grown));
        foreach (var (topic, (result, count)) in grown)
        {
            if (services.Metadata.HasLeaders(topic, count)) continue;
            result.ErrorCode = ErrorCode.RequestTimedOut;
            result.ErrorMessage = $"The partitions of '{topic}' are being created, but have not all leaders yet.";
        }

        return response;
    }

    private bool AreAllLed(SortedDictionary<string, (Result Result, int Count)> grown)
    {
        foreach (var (topic, (_, count)) in grown)
        {
            if (!services.Metadata.HasLeaders(topic, count)) return false;
        }

        return true;
    }
}
