using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <content>What a leader does with its ISR: who leaves, who joins and in which registration, and the change in the store.</content>
public sealed partial class Partition
{
    private static readonly TimeSpan s_isrRetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Puts those out of the ISR who have not caught up within <c>replica.lag.time.max.ms</c>; called every half of that.</summary>
    public void CheckIsr()
    {
        if (_leader is not { } leader) return;
        if (leader.WaitsForCandidates) RaiseHighWatermark(); // one that was about to join may have gone silent
        if (leader.Isr.IsChanging || leader.ShrunkIsr(Log.LogEndOffset) is not { } shrunk) return;
        _context.Log.LogInformation("{Partition}: ISR shrinks from {Old} to [{New}]", Id, leader.Isr, string.Join(',', shrunk));
        ChangeIsr(shrunk, joining: null);
    }

    /// <summary>
    /// Brings a follower into the ISR if it has what that takes; but not one that still has records of which nothing is left here to compare them
    /// with. If it says in which registration it runs, the store is asked first, and nothing is proposed until it has answered: others may leave the
    /// ISR meanwhile.
    /// </summary>
    private void BringIntoIsr(LeaderState leader, RemoteReplica follower)
    {
        if (IsrWith(leader, follower) is not { } expanded) return;
        if (follower.BrokerEpoch < 0) ChangeIsr(expanded, follower);
        else LookUp(leader, follower);
    }

    private IReadOnlyList<int>? IsrWith(LeaderState leader, RemoteReplica follower) =>
        ReplicationDecisions.IsAllBelow(Log.LogStartOffset, follower.FetchedLogStart, follower.LogEndOffset) ? null : leader.ExpandedIsr(follower, Log.HighWatermark);

    /// <summary>
    /// A fetch in a later epoch than known is believed until somebody contradicts it: then the store is asked who is right, or one that fetched
    /// in the name of a broker that never was would keep the real one out.
    /// </summary>
    private void EnsureIsOfLatestRun(LeaderState leader, RemoteReplica follower, long brokerEpoch)
    {
        if (!_context.Peers.IsStale(follower.BrokerId, brokerEpoch, follower.BrokerEpoch)) return;
        if (!_context.Peers.IsStale(follower.BrokerId, brokerEpoch, claimed: -1)) LookUp(leader, follower);
        throw new ReplicaException(ErrorCode.StaleBrokerEpoch, $"Broker {follower.BrokerId} has registered again since it fetched from {Id} in epoch {brokerEpoch}.");
    }

    private void LookUp(LeaderState leader, RemoteReplica follower)
    {
        if (follower.IsLookedUp) return;
        follower.IsLookedUp = true;
        _context.Node.Spawn(Confirm(leader, follower));
    }

    /// <summary>
    /// Asks whether a follower runs in the registration in which it fetched: a fetch may have waited on its way until after the broker's
    /// restart, and the new run has not been heard of yet. If it does, it joins the ISR if it still may. Should it restart after this look, the
    /// ISR's epochs tell (KIP-903).
    /// </summary>
    private async LoopTask Confirm(LeaderState leader, RemoteReplica follower)
    {
        var (isKnown, registered) = await RegistrationOf(leader, follower.BrokerId);
        if (_leader == leader && isKnown) await Judge(leader, follower, registered);
        follower.IsLookedUp = false;
    }

    private async LoopTask Judge(LeaderState leader, RemoteReplica follower, long? registered)
    {
        var believed = follower.BrokerEpoch;
        if (registered is { } known) _context.Peers.Learn(follower.BrokerId, known);
        if (registered == believed)
        {
            if (IsrWith(leader, follower) is { } expanded) ChangeIsr(expanded, follower);
            return;
        }

        _context.Log.LogInformation("{Partition}: broker {Broker} fetched in epoch {Old} and is registered in {New}", Id, follower.BrokerId, believed, registered);
        if (registered is { } epoch && !_context.Peers.IsStale(follower.BrokerId, epoch, claimed: -1)) follower.Correct(epoch, leader.Isr.HasCommitted(follower.BrokerId), _context.NowMs);
        if (registered is null || registered < believed) await _context.Node.Clock.Delay(s_isrRetryPause); // the store may lag behind: it is not asked at each fetch
    }

    /// <summary>A broker's registration as it stands in the store, which is asked until it answers; not known if this leadership ends before.</summary>
    private async LoopTask<(bool IsKnown, long? Epoch)> RegistrationOf(LeaderState leader, int broker)
    {
        while (_leader == leader)
        {
            try
            {
                return (true, await _context.IsrStore.BrokerEpoch(broker));
            }
            catch (CoordinationException e)
            {
                _context.Log.LogWarning("{Partition}: it is not known whether broker {Broker} has restarted; trying again: {Reason}", Id, broker, e.Message);
            }

            await _context.Node.Clock.Delay(s_isrRetryPause);
        }

        return (false, null);
    }

    private void ChangeIsr(IReadOnlyList<int> wished, RemoteReplica? joining)
    {
        var leader = _leader!;
        leader.Isr = leader.Isr.Propose(wished);
        _context.Node.Spawn(CommitIsr(leader, wished, joining?.BrokerId, joining?.BrokerEpoch ?? -1));
    }

    /// <summary>
    /// Writes the wished ISR under the version of the znode. Until the outcome is known the maximal ISR counts. If the controller
    /// has changed the znode meanwhile, its LeaderAndIsr is under way and brings a new epoch: until then nothing more is tried. If a hand
    /// has, nothing is under way: what it has written counts, and the change is proposed anew.
    /// </summary>
    private async LoopTask CommitIsr(LeaderState leader, IReadOnlyList<int> wished, int? joining, long joiningEpoch)
    {
        var epochs = leader.EpochsOf(wished, joining, joiningEpoch);
        var state = new PartitionStateZnode(_context.BrokerId, leader.Epoch, wished, ControllerEpoch, leader.ZkVersion) { IsrEpochs = epochs };
        PartitionUpdate? outcome;
        while ((outcome = await TryCommit(leader, state)) is null)
        {
            await _context.Node.Clock.Delay(s_isrRetryPause);
            if (_leader != leader) return;
        }

        if (_leader != leader || outcome is not { } update) return;
        if (update.Updated)
        {
            Commit(leader, wished, epochs, update.ZkVersion);
        }
        else if (update.Standing is { } standing && IsWrittenByHand(leader, standing, state))
        {
            _context.Log.LogWarning("{Partition}: the ISR change {Isr} was refused, somebody has set the state by hand: {State}", Id, leader.Isr, standing);
            Commit(leader, standing.Isr, standing.IsrEpochs, standing.ZkVersion);
        }
        else
        {
            _context.Log.LogInformation("{Partition}: the ISR change {Isr} was refused, the controller has changed the state", Id, leader.Isr);
        }
    }

    /// <summary>An ISR stands in the store.</summary>
    private void Commit(LeaderState leader, IReadOnlyList<int> isr, IReadOnlyDictionary<int, long> epochs, int zkVersion)
    {
        var before = leader.Isr.Committed;
        leader.Commit(isr, epochs, zkVersion);
        _context.IsrChanged?.Invoke(Id);
        if (_context.Decisions.RaisesHighWatermarkAfter(before, isr)) RaiseHighWatermark();
        _context.Produces.CheckAndComplete(Id); // min.insync.replicas may decide otherwise now
    }

    /// <summary>
    /// Whether a state that is not the one last known is nobody's but a hand's, which has repaired the znode for instance: it names this leader in
    /// this leader epoch, and every write of the controller begins a new one. What this leader may have written itself is not for it to judge: the
    /// store has been asked, and has not taken it for that (KAFKA-1382).
    /// </summary>
    private bool IsWrittenByHand(LeaderState leader, PartitionStateZnode standing, PartitionStateZnode wished) =>
        standing.Leader == _context.BrokerId && standing.LeaderEpoch == leader.Epoch && standing.ControllerEpoch <= ControllerEpoch
        && standing.Isr.Contains(_context.BrokerId) && !PartitionUpdate.WasWritten(standing, wished);

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
