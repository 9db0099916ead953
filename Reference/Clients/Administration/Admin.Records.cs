using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients.Metadata;
using Reference.Clients.Network;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Administration;

/// <content>Records.</content>
public sealed partial class Admin
{
    /// <summary>
    /// Deletes the records of a partition below an offset (KIP-107); ends when no live replica serves them any more. Their files go in
    /// their own time.
    /// </summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="beforeOffset">The first offset that stays; -1: the high watermark, which deletes all.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>The lowest log start of the live replicas.</returns>
    /// <exception cref="KafkaException">
    /// Refused (OFFSET_OUT_OF_RANGE above the high watermark, POLICY_VIOLATION where the topic is only compacted), or no answer within the
    /// timeout: whether the records are gone is then open.
    /// </exception>
    public async LoopTask<long> DeleteRecords(TopicPartition partition, long beforeOffset, TimeSpan timeout)
    {
        var deleted = (await DeleteRecords(new SortedDictionary<TopicPartition, long> { [partition] = beforeOffset }, timeout))[partition];
        return deleted.Failure is { } failure ? throw failure : deleted.LowWatermark;
    }

    /// <summary>
    /// Deletes the records of partitions below offsets (KIP-107), each at its leader, which is looked for again where it is another one by
    /// now. Ends when no live replica serves them any more, or with the reason. Their files go in their own time.
    /// </summary>
    /// <param name="beforeOffsets">The first offset of each partition that stays; -1: the high watermark, which deletes all.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>What became of each partition; nothing is thrown.</returns>
    public async LoopTask<IReadOnlyDictionary<TopicPartition, DeletedRecords>> DeleteRecords(IReadOnlyDictionary<TopicPartition, long> beforeOffsets, TimeSpan timeout)
    {
        var end = End(timeout);
        var results = new SortedDictionary<TopicPartition, DeletedRecords>();
        var open = new SortedDictionary<TopicPartition, long>();
        foreach (var (partition, offset) in beforeOffsets) open[partition] = offset;
        while (open.Count > 0)
        {
            await TryDeleteRecords(open, results, TimeSpan.FromMicroseconds(Math.Max(1_000, end - _node.Clock.MonotonicMicros)));
            if (_node.Clock.MonotonicMicros >= end) break;
            foreach (var partition in beforeOffsets.Keys)
            {
                if (results[partition].Failure is not { } failure || !AnotherLeaderMayAnswer(failure)) open.Remove(partition);
            }

            if (open.Count > 0) await _node.Clock.Delay(_options.RetryBackoff);
        }

        return results;
    }

    private static bool AnotherLeaderMayAnswer(KafkaException failure) =>
        !failure.IsUnknownOutcome && (failure.IsRetriable || failure.Code == ErrorCode.BrokerNotAvailable);

    /// <summary>Asks the leaders of all these partitions at once; what became of each stands in the results.</summary>
    private async LoopTask TryDeleteRecords(SortedDictionary<TopicPartition, long> wishes, SortedDictionary<TopicPartition, DeletedRecords> results, TimeSpan left)
    {
        var byLeader = new SortedDictionary<int, List<TopicPartition>>();
        try
        {
            var cluster = await Describe([.. wishes.Keys.Select(static p => p.Topic).Distinct(StringComparer.Ordinal)], left);
            foreach (var partition in wishes.Keys)
            {
                if (cluster.Partition(partition) is { Leader: >= 0 and var leader }) (byLeader.TryGetValue(leader, out var led) ? led : byLeader[leader] = []).Add(partition);
                else results[partition] = DeletedRecords.Failed(WithoutLeader(cluster, partition));
            }
        }
        catch (KafkaException e)
        {
            foreach (var partition in wishes.Keys) results[partition] = DeletedRecords.Failed(e);
            return;
        }

        var asked = new List<LoopTask>();
        foreach (var (leader, partitions) in byLeader) asked.Add(AskToDelete(leader, partitions, wishes, results, left));
        foreach (var answer in asked) await answer;
    }

    private async LoopTask AskToDelete(
        int leader, List<TopicPartition> partitions, SortedDictionary<TopicPartition, long> wishes, SortedDictionary<TopicPartition, DeletedRecords> results, TimeSpan left)
    {
        foreach (var partition in partitions) results[partition] = DeletedRecords.Failed(new KafkaException(ErrorCode.UnknownServerError, $"The answer says nothing of {partition}.", isUnknownOutcome: true));
        try
        {
            if (_network.Broker(leader) is null && !await _network.Metadata.Update(left)) throw ClientErrors.Refused(ErrorCode.BrokerNotAvailable, $"The address of broker {leader} is not known");
            var request = new DeleteRecordsRequest
            {
                TimeoutMs = (int)left.TotalMilliseconds,
                Topics = [.. partitions.GroupBy(static p => p.Topic, StringComparer.Ordinal).Select(topic => new DeleteRecordsRequest.DeleteRecordsTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(p => new DeleteRecordsRequest.DeleteRecordsPartition { PartitionIndex = p.Partition, Offset = wishes[p] })],
                })],
            };
            var answer = await _network.Send<DeleteRecordsRequest, DeleteRecordsResponse>(leader, _ => request, left);
            foreach (var topic in answer.Topics)
            {
                foreach (var result in topic.Partitions) results[new TopicPartition(topic.Name, result.PartitionIndex)] = Outcome(topic.Name, result);
            }
        }
        catch (KafkaException e)
        {
            foreach (var partition in partitions) results[partition] = DeletedRecords.Failed(e);
        }
    }

    private static KafkaException WithoutLeader(ClusterMetadata cluster, TopicPartition partition)
    {
        var topic = cluster.Topic(partition.Topic);
        var code = topic switch
        {
            { Error: not ErrorCode.None and var error } => error,
            { } known when known.Find(partition.Partition) is null => ErrorCode.UnknownTopicOrPartition,
            _ => ErrorCode.LeaderNotAvailable,
        };
        return ClientErrors.Refused(code, $"The leader of {partition} is not known");
    }

    private static DeletedRecords Outcome(string topic, DeleteRecordsResponse.DeleteRecordsPartitionResult result)
    {
        if (result.ErrorCode == ErrorCode.None) return new DeletedRecords(result.LowWatermark, null);
        var message = $"Records of {topic}-{result.PartitionIndex} were not deleted: {result.ErrorCode}.";
        return DeletedRecords.Failed(new KafkaException(result.ErrorCode, message, isUnknownOutcome: result.ErrorCode == ErrorCode.RequestTimedOut));
    }
}
