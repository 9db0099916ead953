using System;
using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using PartitionResult = Reference.Wire.Messages.DeleteRecordsResponse.DeleteRecordsPartitionResult;

namespace Reference.Broker.Handlers;

/// <summary>
/// DeleteRecords (KIP-107): moves the start of partitions' logs up, and answers when the logs of all live followers start there too.
/// </summary>
/// <remarks>All versions say the same. A leader that is replaced meanwhile answers NOT_LEADER_OR_FOLLOWER: whether the records are gone is then open.</remarks>
public sealed class DeleteRecordsHandler(BrokerServices services) : RequestHandler<DeleteRecordsRequest, DeleteRecordsResponse>
{
    /// <inheritdoc/>
    public override async LoopTask<DeleteRecordsResponse?> Handle(DeleteRecordsRequest request, RequestContext context)
    {
        var response = new DeleteRecordsResponse();
        var pending = new List<(PendingDeletion Deletion, PartitionResult Answer)>();
        foreach (var topic in request.Topics)
        {
            var answers = new List<PartitionResult>(topic.Partitions.Count);
            response.Topics.Add(new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name, Partitions = answers });
            foreach (var asked in topic.Partitions)
            {
                var answer = new PartitionResult { PartitionIndex = asked.PartitionIndex, LowWatermark = -1 };
                answers.Add(answer);
                if (await Delete(new TopicPartition(topic.Name, asked.PartitionIndex), asked.Offset, answer) is { } deletion) pending.Add((deletion, answer));
            }
        }

        if (pending.Count > 0) await AwaitFollowers(pending, request.TimeoutMs);
        return response;
    }

    private async LoopTask<PendingDeletion?> Delete(TopicPartition id, long offset, PartitionResult answer)
    {
        try
        {
            var partition = services.Replicas.Find(id);
            var (start, term) = await partition.DeleteRecords(offset);
            return new PendingDeletion(partition, term, start);
        }
        catch (ReplicaException e)
        {
            answer.ErrorCode = e.Code;
        }
        catch (StorageException e)
        {
            answer.ErrorCode = e.Code;
        }

        return null;
    }

    private async LoopTask AwaitFollowers(List<(PendingDeletion Deletion, PartitionResult Answer)> pending, int timeoutMs)
    {
        var deletions = pending.ConvertAll(static p => p.Deletion);
        var delayed = new DelayedDeleteRecords(deletions);
        var keys = deletions.ConvertAll(static d => d.Id);
        if (!await services.Replication.Deletes.TryCompleteElseWatch(delayed, TimeSpan.FromMilliseconds(Math.Max(0, timeoutMs)), keys)) await delayed.Done;
        foreach (var (deletion, answer) in pending) (answer.ErrorCode, answer.LowWatermark) = (deletion.Outcome ?? ErrorCode.RequestTimedOut, deletion.LowWatermark);
    }
}
