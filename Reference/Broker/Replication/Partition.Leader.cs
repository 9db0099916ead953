using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <content>What a leader does: appends, high watermark, ISR.</content>
public sealed partial class Partition
{
    private static readonly TimeSpan s_isrRetryPause = TimeSpan.FromSeconds(1);

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
    /// Notes a follower's fetch: it may raise the high watermark and bring the follower into the ISR; but not one that still has records of
    /// which nothing is left here to compare them with. A fetch of a broker's earlier run says nothing of what the present one has (KIP-903).
    /// </summary>
    /// <returns>False if the broker is not in the assignment.</returns>
    /// <exception cref="ReplicaException">STALE_BROKER_EPOCH: the broker has registered anew since.</exception>
    public bool FollowerFetched(int brokerId, long fetchOffset, long leaderEnd, long logStart = 0, long brokerEpoch = -1)
    {
        if (_leader?.Follower(brokerId) is not { } follower) return false;
        if (!_context.Peers.Accepts(brokerId, brokerEpoch))
            throw new ReplicaException(ErrorCode.StaleBrokerEpoch, $"Broker {brokerId} has registered again since it fetched from {Id} in epoch {brokerEpoch}.");
        follower.RunsIn(brokerEpoch, _leader.Isr.HasCommitted(brokerId), _context.NowMs);
        var before = follower.LogEndOffset;
        follower.Fetched(fetchOffset, leaderEnd, _context.NowMs);
        if (!ReplicationDecisions.IsAllBelow(Log.LogStartOffset, logStart, fetchOffset) && _leader.ExpandedIsr(follower, Log.HighWatermark) is { } expanded) ChangeIsr(expanded, follower);
        if (before != fetchOffset) RaiseHighWatermark();
        return true;
    }

    /// <summary>Puts those out of the ISR who have not caught up within <c>replica.lag.time.max.ms</c>; called every half of that.</summary>
    public void CheckIsr()
    {
        if (_leader is not { } leader) return;
        if (leader.WaitsForCandidates) RaiseHighWatermark(); // one that was about to join may have gone silent
        if (leader.Isr.IsChanging || leader.ShrunkIsr(Log.LogEndOffset) is not { } shrunk) return;
        _context.Log.LogInformation("{Partition}: ISR shrinks from {Old} to [{New}]", Id, leader.Isr, string.Join(',', shrunk));
        ChangeIsr(shrunk, joining: null);
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

    private void ChangeIsr(IReadOnlyList<int> wished, RemoteReplica? joining)
    {
        var leader = _leader!;
        leader.Isr = leader.Isr.Propose(wished);
        _context.Node.Spawn(CommitIsr(leader, wished, joining?.BrokerId, joining?.BrokerEpoch ?? -1));
    }

    /// <summary>
    /// Writes the wished ISR under the version of the znode. Until the outcome is known the maximal ISR counts. If the controller
    /// has changed the znode meanwhile, its LeaderAndIsr is under way and brings a new epoch: until then nothing more is tried.
    /// </summary>
    private async LoopTask CommitIsr(LeaderState leader, IReadOnlyList<int> wished, int? joining, long joiningEpoch)
    {
        if (joining is { } candidate && joiningEpoch >= 0 && !await IsStillRegistered(leader, candidate, joiningEpoch))
        {
            await _context.Node.Clock.Delay(s_isrRetryPause);
            if (_leader != leader) return;
            leader.Isr = InSyncReplicas.Of(leader.Isr.Committed); // nothing has been written: its next fetch may propose it again
            RaiseHighWatermark();
            return;
        }

        var epochs = leader.EpochsOf(wished, joining, joiningEpoch);
        var state = new PartitionStateZnode(_context.BrokerId, leader.Epoch, wished, ControllerEpoch, leader.ZkVersion) { IsrEpochs = epochs };
        PartitionUpdate? outcome;
        while ((outcome = await TryCommit(leader, state)) is null)
        {
            await _context.Node.Clock.Delay(s_isrRetryPause);
            if (_leader != leader) return;
        }

        if (_leader != leader || outcome is not { } update) return;
        if (!update.Updated)
        {
            _context.Log.LogInformation("{Partition}: the ISR change {Isr} was refused, the controller has changed the state", Id, leader.Isr);
            return;
        }

        var before = leader.Isr.Committed;
        leader.Commit(wished, epochs, update.ZkVersion);
        _context.IsrChanged?.Invoke(Id);
        if (_context.Decisions.RaisesHighWatermarkAfter(before, wished)) RaiseHighWatermark();
        _context.Produces.CheckAndComplete(Id); // min.insync.replicas may decide otherwise now
    }

    /// <summary>
    /// Whether a follower still runs in the registration in which it fetched: a fetch may have waited on its way until after the broker's
    /// restart, and the new run has not been heard of yet. Should it restart after this look, the ISR's epochs tell (KIP-903).
    /// </summary>
    private async LoopTask<bool> IsStillRegistered(LeaderState leader, int follower, long epoch)
    {
        while (_leader == leader)
        {
            try
            {
                var registered = await _context.IsrStore.BrokerEpoch(follower);
                _context.Peers.Accepts(follower, registered ?? -1);
                if (registered is { } other && other != epoch)
                    _context.Log.LogInformation("{Partition}: broker {Broker} does not join the ISR: it fetched in epoch {Old} and is registered in {New}", Id, follower, epoch, other);
                return registered == epoch;
            }
            catch (CoordinationException e)
            {
                _context.Log.LogWarning("{Partition}: it is not known whether broker {Broker} has restarted; trying again: {Reason}", Id, follower, e.Message);
            }

            await _context.Node.Clock.Delay(s_isrRetryPause);
        }

        return false;
    }

    /// <summary>
    /// One attempt; null if nobody knows its outcome: the store refused to talk, or what stands there cannot be read. The change then
    /// stays proposed and is written again, against the same version: if the attempt did succeed, that is found out.
    /// </summary>
    private async LoopTask<PartitionUpdate?> TryCommit(LeaderState leader, PartitionStateZnode wished)
    {
        try
        {
            return await _context.IsrStore.UpdatePartitionState(Id, wished);
        }
        catch (Exception e) when (e is CoordinationException or MalformedZnodeException)
        {
            _context.Log.LogWarning("{Partition}: it is not known whether the ISR is {Isr}; trying again: {Reason}", Id, leader.Isr, e.Message);
            return null;
        }
    }
}
