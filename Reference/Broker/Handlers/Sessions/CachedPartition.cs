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

    public FetchPartition Asked { get; private set; } = asked;

    /// <summary>
    /// The fetcher asks otherwise than before. In another leader epoch everything is news again: what was answered meanwhile a follower
    /// has thrown away, as it spoke of the epoch before.
    /// </summary>
    public void AskOtherwise(FetchPartition asked)
    {
        if (asked.CurrentLeaderEpoch != Asked.CurrentLeaderEpoch) (_highWatermark, _logStartOffset) = (-1, -1);
        Asked = asked;
    }

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
