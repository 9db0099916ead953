using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Creatable = Reference.Wire.Messages.CreateTopicsRequest.CreatableTopic;
using Result = Reference.Wire.Messages.CreateTopicsResponse.CreatableTopicResult;

namespace Reference.Broker.Handlers;

/// <summary>
/// CreateTopics: on the controller only, so that clients find one place; waits until every partition has a leader, at most TimeoutMs.
/// </summary>
/// <remarks>
/// v1 can check without creating; v4 makes counts optional (KIP-464); v5 answers with counts and configuration (KIP-525; the
/// configuration is given as null: describing it does not exist yet); v7 with a topic id, which is zero.
/// </remarks>
public sealed class CreateTopicsHandler(BrokerServices services) : RequestHandler<CreateTopicsRequest, CreateTopicsResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<CreateTopicsResponse?> Handle(CreateTopicsRequest request, RequestContext context)
    {
        var response = new CreateTopicsResponse();
        var created = new List<Result>();
        foreach (var wanted in request.Topics)
        {
            var result = await Create(wanted, request);
            response.Topics.Add(result);
            if (result.ErrorCode == ErrorCode.None && !request.ValidateOnly) created.Add(result);
        }

        await TopicChangeWait.Until(
            services,
            created.ConvertAll(static r => r.Name),
            request.TimeoutMs,
            () => created.TrueForAll(r => services.Metadata.HasLeaders(r.Name, r.NumPartitions)));
        foreach (var result in created)
        {
            if (services.Metadata.HasLeaders(result.Name, result.NumPartitions)) continue;
            result.ErrorCode = ErrorCode.RequestTimedOut;
            result.ErrorMessage = $"The topic '{result.Name}' is being created, but has not all leaders yet.";
        }

        return response;
    }

    private async LoopTask<Result> Create(Creatable wanted, CreateTopicsRequest request)
    {
        var result = new Result { Name = wanted.Name, Configs = null };
        if (Refusal(wanted, request) is { } refusal)
        {
            (result.ErrorCode, result.ErrorMessage) = refusal;
            return result;
        }

        var outcome = await services.TopicCreator.Create(wanted, request.ValidateOnly);
        result.ErrorCode = outcome.Error;
        result.ErrorMessage = ErrorSentence.Of(outcome.Message);
        result.NumPartitions = outcome.Partitions;
        result.ReplicationFactor = outcome.ReplicationFactor;
        return result;
    }

    private (ErrorCode Error, string Message)? Refusal(Creatable wanted, CreateTopicsRequest request)
    {
        if (!services.Controller.IsController) return (ErrorCode.NotController, "This broker is not the controller.");
        if (request.Topics.FindAll(t => t.Name == wanted.Name).Count > 1)
            return (ErrorCode.InvalidRequest, $"The topic '{wanted.Name}' stands more than once in the request.");
        return null;
    }
}
