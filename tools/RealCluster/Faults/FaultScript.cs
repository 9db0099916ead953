using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using tools.RealCluster.Clients;
using tools.RealCluster.Cluster;

namespace tools.RealCluster.Faults;

/// <summary>
/// Carries a schedule out. Nothing waits for a time: each step goes on when records have been acknowledged, leaders have changed or
/// replicas have come back in sync, and each such wait has a deadline whose passing is a failure of the cluster.
/// </summary>
/// <param name="cluster">Whom it strikes.</param>
/// <param name="view">What is known of the partitions.</param>
/// <param name="history">Counts what is acknowledged.</param>
/// <param name="log">Hears what is done.</param>
public sealed class FaultScript(BrokerCluster cluster, ClusterView view, RecordedHistory history, Action<string> log)
{
    private const int MoreRecords = 30;
    private const int BlinkLooks = 10; // 50 ms each

    /// <summary>Carries out one step; at its end all brokers run and all replicas are in sync.</summary>
    /// <exception cref="NoProgressException">The cluster did not do what it must.</exception>
    public async Task Carry(FaultStep step, CancellationToken cancellation)
    {
        await history.Acknowledge(step.AfterRecords, cancellation);
        var partition = (await view.Until("a leader of each partition", static _ => true, cancellation))[step.Partition];
        var followers = partition.Replicas.Where(r => r != partition.Leader).ToList();
        var target = step.Target == FaultTarget.Leader ? partition.Leader : followers[0];
        log($"{step.Kind} broker {target} ({step.Target} of partition {step.Partition}) at {history.Acknowledged} records");
        await (step.Kind switch
        {
            FaultKind.Kill => Kill(target, cancellation),
            FaultKind.Bounce => Bounce(target),
            FaultKind.Freeze => Freeze(target, cancellation),
            FaultKind.Blink => Blink(target, cancellation),
            FaultKind.Restart => Restart(target),
            FaultKind.KillBesideFrozen => KillBesideFrozen(partition.Leader, followers[0], cancellation),
            FaultKind.KillAhead => KillAhead(partition.Leader, followers, cancellation),
            FaultKind.Cut => Cut(target, cancellation),
            FaultKind.CutBetween => CutBetween(step.Partition, partition.Leader, followers[0], cancellation),
            FaultKind.Slow => Slow(target, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        });
        await Healed(cancellation);
    }

    /// <summary>Waits until all replicas are in sync.</summary>
    /// <exception cref="NoProgressException">They did not become so.</exception>
    public async Task Healed(CancellationToken cancellation)
    {
        await view.Until("all replicas are in sync", ps => ps.All(p => p.InSync.Count == BrokerCluster.Size), cancellation);
        log($"all replicas are in sync at {history.Acknowledged} records");
    }

    private BrokerProcess Broker(int id) => cluster.Brokers[id - 1];

    private async Task Kill(int target, CancellationToken cancellation)
    {
        await Broker(target).Kill();
        await OthersLead(target, cancellation);
        await history.Acknowledge(MoreRecords, cancellation);
        await Broker(target).Start();
    }

    private async Task Bounce(int target)
    {
        await Broker(target).Kill();
        await Broker(target).Start();
    }

    private async Task Freeze(int target, CancellationToken cancellation)
    {
        Broker(target).Process.Freeze();
        await OthersLead(target, cancellation);
        await history.Acknowledge(MoreRecords, cancellation);
        Broker(target).Process.Thaw();
    }

    private async Task Blink(int target, CancellationToken cancellation)
    {
        var count = 0;
        Broker(target).Process.Freeze();
        await view.Until("a few looks at ZooKeeper", _ => ++count == BlinkLooks, cancellation);
        Broker(target).Process.Thaw();
    }

    private async Task Restart(int target)
    {
        await Broker(target).Stop();
        await Broker(target).Start();
    }

    private async Task KillBesideFrozen(int leader, int follower, CancellationToken cancellation)
    {
        Broker(follower).Process.Freeze();
        await view.Until($"broker {follower} is out of sync", ps => ps.All(p => !p.InSync.Contains(follower)), cancellation);
        await history.Acknowledge(MoreRecords, cancellation);
        await Broker(leader).Kill();
        Broker(follower).Process.Thaw();
        await OthersLead(leader, cancellation);
        await Broker(leader).Start();
    }

    private async Task KillAhead(int leader, List<int> followers, CancellationToken cancellation)
    {
        foreach (var follower in followers) Broker(follower).Process.Freeze();
        await history.Acknowledge(MoreRecords, cancellation);
        await Broker(leader).Kill();
        foreach (var follower in followers) Broker(follower).Process.Thaw();
        await OthersLead(leader, cancellation);
        await Broker(leader).Start();
    }

    private async Task Cut(int target, CancellationToken cancellation)
    {
        await cluster.Network.Cut(target);
        await OthersLead(target, cancellation);
        await history.Acknowledge(MoreRecords, cancellation);
        await cluster.Network.Mend(target);
    }

    private async Task CutBetween(int partition, int leader, int follower, CancellationToken cancellation)
    {
        await cluster.Network.CutBetween(leader, follower);
        var after = (await view.Until(
            $"broker {follower}, cut off from broker {leader}, is out of sync",
            ps => ps[partition].Leader != leader || !ps[partition].InSync.Contains(follower),
            cancellation))[partition];
        log(after.Leader == leader
            ? $"broker {leader} leads on without broker {follower} at {history.Acknowledged} records"
            : $"broker {leader} does not lead any more, though it was cut off from broker {follower} only");
        await history.Acknowledge(MoreRecords, cancellation);
        await cluster.Network.MendBetween(leader, follower);
    }

    private async Task Slow(int target, CancellationToken cancellation)
    {
        await cluster.Network.Slow(target);
        await history.Acknowledge(MoreRecords, cancellation);
        await cluster.Network.Hasten(target);
    }

    private async Task OthersLead(int target, CancellationToken cancellation)
    {
        await view.Until($"others than broker {target} lead", ps => ps.All(p => p.Leader != target), cancellation);
        log($"others than broker {target} lead at {history.Acknowledged} records");
    }
}
