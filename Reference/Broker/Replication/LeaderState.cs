using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;

namespace Reference.Broker.Replication;

/// <summary>What a leader keeps for one leader epoch. All of it is in memory and synchronous: no await, no interleaving.</summary>
public sealed class LeaderState
{
    private readonly ReplicationContext _context;
    private readonly SortedDictionary<int, RemoteReplica> _followers = [];
    private readonly SortedDictionary<int, long> _isrEpochs = [];
    private readonly IReadOnlyList<int> _replicas;

    /// <summary>The state of an epoch that begins at an offset of the log.</summary>
    /// <param name="context">What all replicas share.</param>
    /// <param name="epoch">The leader epoch.</param>
    /// <param name="epochStart">Where it begins in the log.</param>
    /// <param name="isr">The ISR that the controller wrote.</param>
    /// <param name="zkVersion">The version of the znode that says so: ISR changes of this epoch are written against it and its successors only.</param>
    /// <param name="replicas">The assignment. A replica that is taken from it stays in the ISR for a moment, and is waited for so long: it could still be elected.</param>
    /// <param name="isrEpochs">The registrations in which the members of the ISR were found in sync, in its order; -1 or missing: not known.</param>
    /// <param name="previous">The state of the epoch before, if this broker led then too: its followers' positions stay valid.</param>
    public LeaderState(ReplicationContext context, int epoch, long epochStart, IReadOnlyList<int> isr, int zkVersion, IReadOnlyList<int> replicas, LeaderState? previous, IReadOnlyList<long>? isrEpochs = null)
    {
        _context = context;
        Epoch = epoch;
        EpochStart = epochStart;
        Isr = InSyncReplicas.Of(isr);
        ZkVersion = zkVersion;
        _replicas = replicas;
        for (var i = 0; i < isr.Count && i < isrEpochs?.Count; i++)
        {
            if (isrEpochs[i] >= 0) _isrEpochs[isr[i]] = isrEpochs[i];
        }

        foreach (var id in replicas.Union(isr))
        {
            if (id == context.BrokerId) continue;
            var follower = previous?.Follower(id);
            if (follower is null)
            {
                follower = new RemoteReplica(id);
                follower.BeginLeadership(Isr.HasCommitted(id), context.NowMs);
            }
            else if (!Isr.HasCommitted(id))
            {
                follower.LeftIsr();
            }

            if (_isrEpochs.TryGetValue(id, out var registration))
            {
                context.Peers.Learn(id, registration);
                follower.RunsIn(registration, inSync: true, context.NowMs);
            }

            _followers.Add(id, follower);
        }
    }

    /// <summary>The leader epoch.</summary>
    public int Epoch { get; }

    /// <summary>Where it begins in the log.</summary>
    public long EpochStart { get; }

    /// <summary>The in-sync replicas.</summary>
    public InSyncReplicas Isr { get; set; }

    /// <summary>Version of the partition's znode as last known in this epoch.</summary>
    public int ZkVersion { get; set; }

    /// <summary>The other replicas by broker id.</summary>
    public IReadOnlyCollection<RemoteReplica> Followers => _followers.Values;

    /// <summary>True if a replica outside the ISR held the high watermark back when it was last computed.</summary>
    public bool WaitsForCandidates { get; private set; }

    /// <summary>A follower, or null if the broker is neither in the assignment nor in the ISR.</summary>
    public RemoteReplica? Follower(int brokerId) => _followers.GetValueOrDefault(brokerId);

    /// <summary>Where the high watermark belongs with a log that ends at an offset.</summary>
    public long ComputeHighWatermark(long logEnd)
    {
        var progress = new List<ReplicaProgress>(_followers.Count);
        WaitsForCandidates = false;
        foreach (var follower in _followers.Values)
        {
            var member = Isr.MayContain(follower.BrokerId);
            var caughtUp = follower.CaughtUpWithin(_context.Config.ReplicaLagTimeMaxMs, _context.NowMs);
            if (caughtUp && !member) WaitsForCandidates = true;
            progress.Add(new ReplicaProgress(follower.BrokerId, follower.LogEndOffset, Isr.HasCommitted(follower.BrokerId), member, caughtUp));
        }

        return _context.Decisions.HighWatermark(logEnd, progress);
    }

    /// <summary>Below which offset no live replica has a record, with a log that starts at an offset; -1 while a live follower has not said (KIP-107).</summary>
    public long LowWatermark(long logStart)
    {
        var lowest = logStart;
        foreach (var follower in _followers.Values)
        {
            if (_context.IsAlive(follower.BrokerId)) lowest = Math.Min(lowest, follower.LogStartOffset);
        }

        return lowest;
    }

    /// <summary>The committed ISR without those who have not caught up in time; null if nobody has to leave.</summary>
    public IReadOnlyList<int>? ShrunkIsr(long logEnd)
    {
        var kept = new List<int>();
        foreach (var id in Isr.Committed)
        {
            if (Follower(id) is not { } follower || follower.LogEndOffset == logEnd
                || follower.CaughtUpWithin(_context.Config.ReplicaLagTimeMaxMs, _context.NowMs))
            {
                kept.Add(id);
            }
        }

        return kept.Count < Isr.Committed.Count ? kept : null;
    }

    /// <summary>
    /// The ISR with a follower added; null if it may not join now. A member that has restarted joins anew: the ISR stays, but says then in which
    /// registration it was found in sync.
    /// </summary>
    public IReadOnlyList<int>? ExpandedIsr(RemoteReplica follower, long highWatermark)
    {
        var isMember = Isr.HasCommitted(follower.BrokerId);
        if (Isr.IsChanging || (isMember && !IsOfLaterRun(follower)) || !_replicas.Contains(follower.BrokerId) || !_context.IsAlive(follower.BrokerId)) return null;
        var candidate = new IsrCandidate(follower.LogEndOffset, highWatermark, EpochStart);
        if (!_context.Decisions.MayJoinIsr(candidate)) return null;
        return isMember ? Isr.Committed : [.. Isr.Committed, follower.BrokerId];
    }

    /// <summary>The registrations in which the members of an ISR were found in sync, as far as they are known.</summary>
    /// <param name="isr">The ISR.</param>
    /// <param name="joining">Who joins it now; null for nobody.</param>
    /// <param name="joiningEpoch">The registration in which it does; -1 if not known.</param>
    public SortedDictionary<int, long> EpochsOf(IReadOnlyList<int> isr, int? joining, long joiningEpoch) => PartitionStateZnode.KnownEpochs(
        isr,
        member => member == _context.BrokerId ? _context.BrokerEpoch() : member == joining ? joiningEpoch : _isrEpochs.GetValueOrDefault(member, -1));

    /// <summary>A change of the ISR stands in the store.</summary>
    public void Commit(IReadOnlyList<int> isr, IReadOnlyDictionary<int, long> epochs, int zkVersion)
    {
        Isr = InSyncReplicas.Of(isr);
        ZkVersion = zkVersion;
        _isrEpochs.Clear();
        foreach (var (member, epoch) in epochs) _isrEpochs[member] = epoch;
    }

    private bool IsOfLaterRun(RemoteReplica follower) => follower.BrokerEpoch > _isrEpochs.GetValueOrDefault(follower.BrokerId, -1);
}
