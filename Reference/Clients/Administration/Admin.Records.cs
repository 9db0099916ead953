using System;
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
        var end = End(timeout);
        while (true)
        {
            try
            {
                return await TryDeleteRecords(partition, beforeOffset, TimeSpan.FromMicroseconds(Math.Max(1_000, end - _node.Clock.MonotonicMicros)));
            }
            catch (KafkaException e) when (!e.IsUnknownOutcome && (e.IsRetriable || e.Code == ErrorCode.BrokerNotAvailable) && _node.Clock.MonotonicMicros < end)
            {
                // Another leader may answer.
            }

            await _node.Clock.Delay(_options.RetryBackoff);
        }
    }

    private async LoopTask<long> TryDeleteRecords(TopicPartition partition, long beforeOffset, TimeSpan left)
    {
        var cluster = await Describe([partition.Topic], left);
        if (cluster.Partition(partition) is not { Leader: >= 0 and var leader })
            throw ClientErrors.Refused(cluster.Topic(partition.Topic) is { Error: not ErrorCode.None } topic ? topic.Error : ErrorCode.LeaderNotAvailable, $"The leader of {partition} is not known");
        if (_network.Broker(leader) is null && !await _network.Metadata.Update(left)) throw ClientErrors.Refused(ErrorCode.BrokerNotAvailable, $"The address of broker {leader} is not known");
        var request = new DeleteRecordsRequest
        {
            TimeoutMs = (int)left.TotalMilliseconds,
            Topics = [new() { Name = partition.Topic, Partitions = [new() { PartitionIndex = partition.Partition, Offset = beforeOffset }] }],
        };
        var answer = await _network.Send<DeleteRecordsRequest, DeleteRecordsResponse>(leader, _ => request, left);
        foreach (var topic in answer.Topics)
        {
            foreach (var result in topic.Partitions)
            {
                ThrowIfRefused(result.ErrorCode, $"Records of {partition} were not deleted", null);
                return result.LowWatermark;
            }
        }

        throw new KafkaException(ErrorCode.UnknownServerError, $"The answer says nothing of {partition}.", isUnknownOutcome: true);
    }
}
