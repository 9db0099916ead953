using Reference.Wire;
using FetchPartition = Reference.Wire.Messages.FetchRequest.FetchPartition;
using PartitionData = Reference.Wire.Messages.FetchResponse.PartitionData;

namespace Reference.Broker.Handlers.Sessions;

/// <summary>A partition of a fetch session: what was last asked of it, and what was last answered.</summary>
internal sealed class CachedPartition(TopicPartition id, FetchPartition asked)
{
    private long _highWatermark = -1;
    private long _logStartOffset = -1;

    public TopicPartition Id { get; } = id;

    public FetchPartition Asked { get; set; } = asked;

    /// <summary>Notes an answer; true if it says anything that the fetcher does not know yet.</summary>
    public bool Note(PartitionData answer)
    {
        var isNews = answer.Records is { Length: > 0 }
            || answer.HighWatermark != _highWatermark
            || answer.LogStartOffset != _logStartOffset
            || answer.PreferredReadReplica >= 0
            || answer.DivergingEpoch.EndOffset >= 0;
        _logStartOffset = answer.LogStartOffset;
        // After an error even the same high watermark is news.
        _highWatermark = answer.ErrorCode == ErrorCode.None ? answer.HighWatermark : -1;
        return isNews || answer.ErrorCode != ErrorCode.None;
    }
}
