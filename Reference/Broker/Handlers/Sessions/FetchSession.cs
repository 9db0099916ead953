using System.Collections.Generic;
using Reference.Wire.Messages;
using Reference.Wire.Sessions;

namespace Reference.Broker.Handlers.Sessions;

/// <summary>
/// One fetcher's session (KIP-227): the partitions it is interested in, in the order in which they are served. Those that gave records
/// go to the end, so that a busy one cannot starve the others of the answer's bytes.
/// </summary>
public sealed class FetchSession
{
    private readonly LinkedList<CachedPartition> _order = [];
    private readonly SortedDictionary<TopicPartition, LinkedListNode<CachedPartition>> _partitions = [];

    /// <summary>A session without partitions.</summary>
    /// <param name="id">Its id, above 0.</param>
    /// <param name="isFollower">Whether a follower opened it.</param>
    /// <param name="nowMs">When, in monotonic milliseconds.</param>
    public FetchSession(int id, bool isFollower, long nowMs)
    {
        Id = id;
        IsFollower = isFollower;
        (CreatedMs, LastUsedMs) = (nowMs, nowMs);
    }

    /// <summary>Its id.</summary>
    public int Id { get; }

    /// <summary>True for a follower's session, which no consumer's pushes out.</summary>
    public bool IsFollower { get; }

    /// <summary>When it was opened, in monotonic milliseconds.</summary>
    public long CreatedMs { get; }

    /// <summary>When it was last used, in monotonic milliseconds.</summary>
    public long LastUsedMs { get; internal set; }

    /// <summary>The session epoch that the next request must carry.</summary>
    public int Epoch { get; internal set; } = 1;

    /// <summary>How many partitions it has.</summary>
    public int Count => _partitions.Count;

    internal IEnumerable<CachedPartition> Partitions => _order;

    internal CachedPartition? Find(TopicPartition id) => _partitions.TryGetValue(id, out var node) ? node.Value : null;

    internal CachedPartition Add(TopicPartition id, FetchRequest.FetchPartition asked)
    {
        if (Find(id) is { } known)
        {
            known.AskOtherwise(asked);
            return known;
        }

        return (_partitions[id] = _order.AddLast(new CachedPartition(id, asked))).Value;
    }

    /// <summary>Takes over what an incremental request adds, changes and forgets, and expects the next epoch from now on.</summary>
    internal void Advance(FetchRequest request)
    {
        foreach (var topic in request.Topics)
        {
            foreach (var asked in topic.Partitions) Add(new TopicPartition(topic.Topic, asked.Partition), asked);
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
            {
                if (_partitions.Remove(new TopicPartition(topic.Topic, partition), out var node)) _order.Remove(node);
            }
        }

        Epoch = FetchSessionHandler.Following(Epoch);
    }

    internal void MoveToEnd(CachedPartition partition)
    {
        if (!_partitions.TryGetValue(partition.Id, out var node) || node.Value != partition) return;
        _order.Remove(node);
        _order.AddLast(node);
    }
}
