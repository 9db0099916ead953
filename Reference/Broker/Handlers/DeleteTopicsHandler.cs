using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Result = Reference.Wire.Messages.DeleteTopicsResponse.DeletableTopicResult;

namespace Reference.Broker.Handlers;

/// <summary>DeleteTopics: on the controller only; waits until the topics are gone from the metadata, at most TimeoutMs.</summary>
/// <remarks>v6 can name topics by id; there are none, so such a topic is unknown.</remarks>
public sealed class DeleteTopicsHandler(BrokerServices services) : RequestHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<DeleteTopicsResponse?> Handle(DeleteTopicsRequest request, RequestContext context)
    {
        var response = new DeleteTopicsResponse();
        var doomed = new List<Result>();
        foreach (var topic in request.Topics)
        {
            if (topic.Name is null) response.Responses.Add(new Result { Name = null, TopicId = topic.TopicId, ErrorCode = ErrorCode.UnknownTopicId });
            else response.Responses.Add(new Result { Name = topic.Name });
        }

        foreach (var name in request.TopicNames) response.Responses.Add(new Result { Name = name });
        foreach (var result in response.Responses)
        {
            if (result.Name is null) continue;
            result.ErrorCode = await Delete(result.Name);
            if (result.ErrorCode == ErrorCode.None) doomed.Add(result);
        }

        await TopicChangeWait.Until(
            services,
            doomed.ConvertAll(static r => r.Name!),
            request.TimeoutMs,
            () => doomed.TrueForAll(r => services.Metadata.PartitionsOf(r.Name!) is null));
        foreach (var result in doomed)
        {
            if (services.Metadata.PartitionsOf(result.Name!) is not null) result.ErrorCode = ErrorCode.RequestTimedOut;
        }

        return response;
    }

    private async LoopTask<ErrorCode> Delete(string topic)
    {
        if (!services.Controller.IsController) return ErrorCode.NotController;
        if (!services.Config.DeleteTopics) return ErrorCode.TopicDeletionDisabled;
        if (services.Metadata.PartitionsOf(topic) is null) return ErrorCode.UnknownTopicOrPartition;
        await services.Znodes.RequestTopicDeletion(topic);
        return ErrorCode.None;
    }
}
