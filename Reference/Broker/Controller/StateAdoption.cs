using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>A partition's state that stood in the store already when its first was to be created there.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="State">What stands there.</param>
/// <param name="Mzxid">The transaction that last set it.</param>
internal readonly record struct FoundState(TopicPartition Partition, PartitionStateZnode State, long Mzxid);

/// <summary>
/// Takes over states that the reign did not see when it began, since their znode or their topic's could not be read then: brokers may have died
/// and restarted meanwhile without their replicas leaving the ISR. What is done is what a reign does when it begins.
/// </summary>
internal sealed class StateAdoption(
    ControllerContext context, ReplicaStateMachine replicas, Func<ControlRequestBatch> newBatch, ControllerChannelManager channels, ILogger log)
{
    /// <summary>
    /// Notes the states, and takes those who have died or restarted out of their ISRs. Gives those who have restarted: they count as failed until
    /// others lead, see <see cref="WelcomeBack"/>. None of the live replicas is new any more: its broker looks for it, and says if it is lost.
    /// </summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<IReadOnlyList<PartitionReplica>> TakeOver(IReadOnlyList<FoundState> found)
    {
        if (found.Count == 0) return [];
        var restarted = new List<PartitionReplica>();
        foreach (var (partition, state, mzxid) in found)
        {
            log.LogInformation("Partition {Partition} has a state that this reign had not seen: {State}", partition, state);
            context.Leadership[partition] = state;
            var suspects = RestartedReplicas.Of(partition, context.ReplicasOf(partition), state, Math.Min(mzxid, context.LastRegistrationSeenBy(partition)), context.Brokers);
            restarted.AddRange(suspects.Where(r => !context.FailedReplicas.Contains(r)));
        }

        context.FailedReplicas.UnionWith(restarted);
        List<PartitionReplica> all = [.. found.SelectMany(f => context.ReplicasOf(f.Partition).Select(r => new PartitionReplica(f.Partition, r)))];
        replicas.Fire([.. all.Where(r => IsOnline(r) && context.Replica(r).State == ReplicaState.New)], ReplicaTrigger.Start);
        await replicas.Stop([.. all.Where(r => !IsOnline(r) && context.Replica(r).CanFire(ReplicaTrigger.Stop))]);
        return restarted;
    }

    /// <summary>Others lead now in the place of those that had restarted; they start as followers.</summary>
    public void WelcomeBack(IReadOnlyList<PartitionReplica> restarted)
    {
        if (restarted.Count == 0) return;
        log.LogInformation("Replicas [{Replicas}] had restarted without a controller's notice", string.Join(", ", restarted));
        context.FailedReplicas.ExceptWith(restarted);
        replicas.Start(restarted);
        var batch = newBatch();
        batch.AddUpdateMetadata(context.Brokers.Keys, restarted.Select(r => r.Partition));
        batch.Send(channels);
    }

    private bool IsOnline(PartitionReplica replica) => context.IsReplicaOnline(replica, includeShuttingDown: true);
}
