using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Asked = Reference.Wire.Messages.DescribeLogDirsRequest.DescribableLogDirTopic;
using PartitionEntry = Reference.Wire.Messages.DescribeLogDirsResponse.DescribeLogDirsPartition;
using Result = Reference.Wire.Messages.DescribeLogDirsResponse.DescribeLogDirsResult;
using TopicEntry = Reference.Wire.Messages.DescribeLogDirsResponse.DescribeLogDirsTopic;

namespace Reference.Broker.Handlers;

/// <summary>
/// DescribeLogDirs (KIP-113): this broker's log directories, each with the size of the logs in it. One that is offline is named with
/// KAFKA_STORAGE_ERROR; partitions that have no log here are left out.
/// </summary>
/// <remarks>v0 and v1 say the same. No log is ever copied from one directory to another here (AlterReplicaLogDirs), so none is a future one.</remarks>
public sealed class DescribeLogDirsHandler(BrokerServices services) : RequestHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    /// <inheritdoc/>
    public override LoopTask<DescribeLogDirsResponse?> Handle(DescribeLogDirsRequest request, RequestContext context) =>
        LoopTask.FromResult<DescribeLogDirsResponse?>(new DescribeLogDirsResponse { Results = [.. services.Replicas.LogDirectories.Select(d => Describe(d, request.Topics))] });

    private static Result Describe(LogDirectory directory, List<Asked>? asked)
    {
        var result = new Result { LogDir = directory.Path };
        if (!directory.IsOnline)
        {
            result.ErrorCode = ErrorCode.KafkaStorageError;
            return result;
        }

        foreach (var (id, log) in directory.Logs)
        {
            if (!IsAsked(asked, id)) continue;
            if (result.Topics.Count == 0 || result.Topics[^1].Name != id.Topic) result.Topics.Add(new TopicEntry { Name = id.Topic });
            result.Topics[^1].Partitions.Add(new PartitionEntry { PartitionIndex = id.Partition, PartitionSize = log.SizeInBytes });
        }

        return result;
    }

    private static bool IsAsked(List<Asked>? asked, TopicPartition id)
    {
        if (asked is null) return true;
        foreach (var topic in asked)
        {
            if (topic.Topic == id.Topic && topic.PartitionIndex.Contains(id.Partition)) return true;
        }

        return false;
    }
}
