using System;
using Reference.Broker.Storage;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <content>What a leader does: appends, fetches of followers, high watermark.</content>
public sealed partial class Partition
{
    /// <summary>Acks of a producer that waits for the whole ISR.</summary>
    public const short AcksAll = -1;

    /// <summary>
    /// Appends what a producer sent; gives the term of the append too, by which <see cref="Settled"/> knows it again. A leader that passes to its
    /// next epoch meanwhile stays the leader: the append waits and is made in that.
    /// </summary>
    /// <exception cref="ReplicaException">NOT_LEADER_OR_FOLLOWER (perhaps after the append: its fate is then open) or NOT_ENOUGH_REPLICAS.</exception>
    /// <exception cref="StorageException">Refused, or the disk failed.</exception>
    public async LoopTask<(LogAppendInfo Info, int Term)> Append(Memory<byte> batches, short acks)
    {
        while (true)
        {
            EnsureServes(-1);
            if (_epochChange is { } change)
            {
                await change.Task;
                continue;
            }

            if (LackOfReplicas(acks) is { } lack) throw new ReplicaException(ErrorCode.NotEnoughReplicas, lack);
            var (leader, term) = (_leader!, Term);
            try
            {
                return (await AppendIn(leader, term, batches), term);
            }
            catch (StaleAppendException) when (Term == term && (_epochChange is not null || _leader!.Epoch > leader.Epoch))
            {
                // Nothing has been appended: the next epoch began while the append waited for its turn at the log.
            }
        }
    }

    private async LoopTask<LogAppendInfo> AppendIn(LeaderState leader, int term, Memory<byte> batches)
    {
        var info = await Log.AppendAsLeader(batches, leader.Epoch);
        if (_leader is null || Term != term)
            throw new ReplicaException(ErrorCode.NotLeaderOrFollower, $"The leadership of {Id} changed during an append.");
        RaiseHighWatermark();
        _context.Fetches.CheckAndComplete(Id); // followers read up to the log's end
        return info;
    }

    /// <summary>
    /// Why a leader would refuse an append now with NOT_ENOUGH_REPLICAS; null if it would not. To be asked before <see cref="Append"/>
    /// where producers try again and again.
    /// </summary>
    public string? LackOfReplicas(short acks) => acks == AcksAll && _leader is { } leader && leader.Isr.Committed.Count < Config.MinInsyncReplicas
        ? $"{Id} has {leader.Isr.Committed.Count} in-sync replicas, but min.insync.replicas is {Config.MinInsyncReplicas}."
        : null;

    /// <summary>
    /// Whether an append with acks=all that ends before <paramref name="requiredOffset"/> is settled: null while it is not. The ISR must
    /// be large enough at the end too, or the promise of min.insync.replicas would be broken.
    /// </summary>
    public ErrorCode? Settled(long requiredOffset, int term)
    {
        if (Role == ReplicaRole.Offline) return ErrorCode.KafkaStorageError;
        if (_leader is null || term != Term) return ErrorCode.NotLeaderOrFollower;
        if (Log.HighWatermark < requiredOffset) return null;
        return _leader.Isr.Committed.Count < Config.MinInsyncReplicas ? ErrorCode.NotEnoughReplicasAfterAppend : ErrorCode.None;
    }

    /// <summary>Moves the log's start up to an offset, -1: to the high watermark; gives the offset meant. The followers come after with their fetches.</summary>
    /// <exception cref="ReplicaException">NOT_LEADER_OR_FOLLOWER (perhaps after the deletion), or POLICY_VIOLATION where the topic is only compacted.</exception>
    /// <exception cref="OffsetOutOfRangeException">Negative, or above the high watermark.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public async LoopTask<(long Offset, int Term)> DeleteRecords(long offset)
    {
        EnsureServes(-1);
        var term = Term;
        if (!Config.Log.IsDeleted) throw new ReplicaException(ErrorCode.PolicyViolation, $"Records of {Id} are not deleted: its cleanup.policy is compact.");
        var start = offset == -1 ? Log.HighWatermark : offset;
        if (start < 0) throw new OffsetOutOfRangeException($"Records of {Id} cannot be deleted up to the offset {start}.");
        await Log.IncrementLogStartOffset(start);
        if (_leader is null || Term != term)
            throw new ReplicaException(ErrorCode.NotLeaderOrFollower, $"The leadership of {Id} changed while records were deleted.");
        return (start, term);
    }

    /// <summary>Notes a follower's log start: a deletion of records may wait for it.</summary>
    public void FollowerStartsAt(int brokerId, long logStartOffset)
    {
        if (_leader?.Follower(brokerId) is not { } follower || follower.LogStartOffset == logStartOffset) return;
        follower.LogStartOffset = logStartOffset;
        _context.Deletes.CheckAndComplete(Id);
    }

    /// <summary>
    /// Notes a follower's fetch: it may raise the high watermark and bring the follower into the ISR. A fetch of a broker's earlier run says
    /// nothing of what the present one has (KIP-903).
    /// </summary>
    /// <returns>False if the broker is not in the assignment.</returns>
    /// <exception cref="ReplicaException">STALE_BROKER_EPOCH: the broker has registered anew since, or something that fetched in its name says so.</exception>
    public bool FollowerFetched(int brokerId, long fetchOffset, long leaderEnd, long logStart = 0, long brokerEpoch = -1)
    {
        if (_leader is not { } leader || leader.Follower(brokerId) is not { } follower) return false;
        EnsureIsOfLatestRun(leader, follower, brokerEpoch);
        follower.RunsIn(brokerEpoch, leader.Isr.HasCommitted(brokerId), _context.NowMs);
        var before = follower.LogEndOffset;
        follower.Fetched(fetchOffset, leaderEnd, _context.NowMs, logStart);
        BringIntoIsr(leader, follower);
        if (_context.Peers.IsNews(brokerId, brokerEpoch)) LookUp(leader, follower);
        if (before != fetchOffset) RaiseHighWatermark();
        return true;
    }

    /// <summary>Moves the high watermark up to where it belongs and tries what waits for it. It never falls while this broker leads.</summary>
    public void RaiseHighWatermark()
    {
        if (_leader is null) return;
        var target = _leader.ComputeHighWatermark(Log.LogEndOffset);
        if (target <= Log.HighWatermark) return;
        Log.UpdateHighWatermark(target);
        _context.Produces.CheckAndComplete(Id);
        _context.Fetches.CheckAndComplete(Id);
    }
}
