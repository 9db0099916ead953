using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;
using Scenarios.Cluster;
using Scenarios.History;
using Scenarios.Observation;
using Scenarios.Properties;
using Scenarios.Timelines;
using Scenarios.Workload;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Inspection;
using Simulator.Engine.Properties;
using Simulator.Engine.Replay;
using Simulator.Platform;
using TopicPartition = Reference.Clients.TopicPartition;

namespace Scenarios.Running;

/// <summary>One run of a cluster scenario.</summary>
internal sealed class ClusterRun : ScenarioRun
{
    private const string Topic = "orders";
    private const int Probes = 12;
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(4);
    private const string SafeTopic = "ledger";
    private static readonly TimeSpan s_firstBalanceIsOver = TimeSpan.FromSeconds(7); // a controller looks 5 s after its broker's start
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan ClientsStart = TimeSpan.FromSeconds(4);
    private static readonly IReadOnlyList<string> s_producers = ["producer-1", "producer-2"];
    private static readonly IReadOnlyList<string> s_consumers = ["consumer-1", "consumer-2"];
    private readonly SimWorld _world;
    private readonly Swarm _swarm;
    private readonly CoordinationMachine _coordination;
    private readonly IReadOnlyList<BrokerMachine> _brokers;
    private readonly IReadOnlyList<ProducerWorkload> _producers;
    private readonly IReadOnlyList<ConsumerWorkload> _consumers;
    private readonly FinalReader _finalReader;
    private readonly OperatorWorkload? _operator;
    private readonly ClusterObservation _cluster;
    private readonly IReadOnlyList<TopicPartition> _partitions;
    private readonly AnnouncedLosses? _losses;
    private readonly TopicPreparation? _preparation;
    private readonly Moments _moments;
    private readonly Rarities _rarities;
    private readonly MoveRarities? _moves;
    private readonly UpkeepRarities? _upkeepRarities;
    private readonly WipeRarities? _wipes;
    private readonly DirectoryRarities? _directories;
    private readonly KeptCopies _copies;
    private readonly LawfulHoles? _holes;
    private readonly ClientHistory _history;
    private readonly DeletionReach _deletions;
    private readonly ClusterSeries? _series;
    private readonly WorkloadPlan _workload;

    /// <summary>A run of these options; its workload is drawn, unless it is given.</summary>
    public ClusterRun(SimWorld world, ScenarioPlan plan, Swarm swarm, BrokerDecisions decisions, IReadOnlyList<PlannedOperation>? operations = null)
    {
        var shape = ShapeOf(swarm);
        _workload = operations is null ? WorkloadPlan.Draw(world, shape) : WorkloadPlan.Of(operations, shape);
        _world = world;
        world.Network.Classifier = RequestLabels.Of;
        _swarm = swarm;
        _coordination = new CoordinationMachine(world);
        _brokers = Enumerable.Range(1, swarm.Brokers).Select(id => new BrokerMachine(world, id, new ClusterShape(swarm, _coordination.Machine.Name), decisions)).ToList();
        _partitions = PartitionsOf(swarm);
        _cluster = new ClusterObservation(_coordination, _brokers, [.. _partitions.Select(p => (p.Topic, p.Partition, swarm.AnnouncesLosses && p.Topic == Topic))], UpkeepOf(swarm));
        _series = ClusterSeries.For(world, _cluster);
        _history = new ClientHistory(world.Timeline is null ? null : new ClientOperations(world));
        if (swarm.AnnouncesLosses) _losses = new AnnouncedLosses(world, _cluster, _history);
        var bootstrap = _brokers.Select(b => b.Endpoint).ToArray();
        _producers = [Producer(s_producers[0], -1, bootstrap), Producer(s_producers[1], swarm.SecondProducerAcks, bootstrap)];
        var reading = new ConsumerOptions
        {
            BootstrapServers = bootstrap,
            AutoOffsetReset = OffsetReset.Earliest,
            FetchMaxWait = TimeSpan.FromMilliseconds(300),
            RequestTimeout = TimeSpan.FromSeconds(6),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            AllowAutoCreateTopics = false,
        };
        var strict = swarm.AnnouncesLosses ? reading with { AutoOffsetReset = OffsetReset.None } : reading;
        _consumers = [Consumer(s_consumers[0], strict), Consumer(s_consumers[1], strict)];
        _finalReader = new FinalReader(world, _history, reading, _partitions, swarm.IsKeptUp, mayBeShorter: swarm.BearsLosses);
        if (swarm.SafePartitions > 0) _preparation = Preparation(bootstrap);
        if (_workload.Chores.Count > 0) _operator = Operator(bootstrap);
        IReadOnlyList<SimMachine> targets = [.. _brokers.Select(b => b.Machine), _coordination.Machine];
        foreach (var far in _brokers.Where(b => b.Id == swarm.FarBroker))
        {
            foreach (var other in targets.Where(m => m != far.Machine)) world.Network.SetDistance(far.Machine, other, swarm.Distance);
        }

        var sites = new FaultSites(swarm, _coordination.Machine, RequestStop, Reconfigure);
        _deletions = new DeletionReach(_history, () => world.NowMicros, sites.PastTheSession.Max);
        Nemesis = new Nemesis(world, sites.ProfileOf(plan, targets, world.Random("fault-mix")));
        _copies = new KeptCopies(world, _cluster, _coordination.Machine, isSynced: swarm.PowerLoss);
        if (Nemesis.Kinds.Contains("disk-wipe", StringComparer.Ordinal)) _wipes = new WipeRarities(world, _cluster);
        if (swarm.TwoLogDirectories) _directories = new DirectoryRarities(world, _cluster, _brokers);
        _moments = new Moments(_cluster, _brokers, Nemesis);
        _rarities = new Rarities(world, _cluster, _brokers, flushesAlways: swarm.PowerLoss);
        if (swarm.MovesPartitions) _moves = new MoveRarities(world, _cluster, _brokers);
        _upkeepRarities = swarm.IsKeptUp ? new UpkeepRarities(world, _cluster) : null;
        _holes = swarm.IsKeptUp ? new LawfulHoles(_cluster.Partitions) : null;
    }

    public override Phases Phases => new(WarmUp, _swarm.FaultPhase, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(240));

    public override IReadOnlyDictionary<string, string> Configuration => _swarm.Describe();

    public override IReadOnlyList<StateTable> Describe() => ClusterTables.Of(_cluster, _history);

    public override IReadOnlyList<PlannedOperation> Operations => _workload.Operations;

    public override Nemesis Nemesis { get; }

    public override IReadOnlyList<Invariant> Invariants => field ??=
    [
        new OffsetOrder(_cluster.Partitions),
        new CheckpointBounds(_cluster.Partitions),
        new MarkerOfClosedLogs(_cluster),
        new OneLeaderPerEpoch(_cluster.Partitions),
        new LeaderInIsr(_cluster.Partitions),
        new EpochsMonotone(_cluster),
        new QuorumSuperset(_cluster.Partitions),
        .. _swarm.Compacts ? [new CompactionPreserves(_cluster.Partitions)] : Array.Empty<Invariant>(),
        .. _swarm.IsKeptUp ? [new LawfulDeletion(_cluster.Partitions, _deletions)] : Array.Empty<Invariant>(),
        .. _swarm.BearsLosses ? [] : Promises,
        .. _swarm.AnnouncesLosses ? [new CleanElection(_cluster.Partitions)] : Array.Empty<Invariant>(),
    ];

    // What no longer holds when a replica outside the ISR is elected.
    private IReadOnlyList<Invariant> Promises =>
    [
        new StrongIsr(_cluster.Partitions),
        new LogMatching(_cluster.Partitions),
        new LeaderCompleteness(_cluster.Partitions),
        new CandidateCompleteness(_cluster.Partitions),
        new ConsistentRead(_history),
    ];

    public override IReadOnlyList<Validation> LivenessChecks => field ??=
    [
        new ReplicasConverge(_cluster),
        new MetadataConverges(_cluster),
        new OperationsEnd(_history),
        .. _operator is null ? Array.Empty<Validation>() : [new TopicsConverge(_cluster, _history), new MovesConverge(_cluster, _history)],
    ];

    public override IReadOnlyList<Validation> Validations => field ??=
    [
        new ProgressWasMade(_history),
        new PromptWhenHealthy(_history),
        .. ClientAnomalies.Of(_history, oneRequestInFlight: _swarm.MaxInFlightRequests == 1, _holes, lossIsAllowed: _swarm.BearsLosses),
        .. _swarm.AnnouncesLosses ? [new UnannouncedTruncation(_history), new UnnoticedTruncation(_history)] : Array.Empty<Validation>(),
    ];

    public override bool HasRecovered => LivenessChecks.All(c => c.FindViolation() is null) && !_brokers.Any(b => b.HasLostDirectory);

    public override bool FinalReadEnded => _finalReader.HasEnded;

    public override IReadOnlyDictionary<string, long> Metrics => new SortedDictionary<string, long>(StringComparer.Ordinal)
    {
        ["acknowledgedRecords"] = _history.Acknowledged,
        ["leaderChanges"] = _cluster.LeaderChanges,
        ["sends"] = _history.Sends.Count,
        ["reads"] = _history.Reads.Count,
        ["controllerEpoch"] = _cluster.ControllerEpoch,
    };

    public override void Start()
    {
        _coordination.Start();
        foreach (var broker in _brokers) broker.Start();
        foreach (var producer in _producers) producer.Start();
        foreach (var consumer in _consumers)
        {
            if (_workload.ReadStartOf(consumer.Machine.Name) is { } at) consumer.Start(at);
        }

        _operator?.Start();
        _preparation?.Start();
    }

    public override bool Observe(SimMachine machine)
    {
        var changed = _cluster.Refresh(machine);
        if (changed) Look();
        return changed || _history.ChangedRead is not null || IsLoading(machine);
    }

    private bool IsLoading(SimMachine machine)
    {
        foreach (var broker in _brokers)
        {
            if (broker.Machine == machine) return broker.IsLoading;
        }

        return false;
    }

    private void Look()
    {
        _copies.Look();
        _moments.Look();
        _rarities.Look();
        _moves?.Look();
        _upkeepRarities?.Look();
        _wipes?.Look();
        _directories?.Look();
        _losses?.Look();
        _series?.Update();
    }

    public override void BeginRecovery()
    {
        _deletions.NoteHealing();
        var falling = _brokers.ToList();
        _world.Random("fallen").Shuffle(falling);
        foreach (var broker in falling.Take(_swarm.FallenAtRecovery)) broker.Fall();
        foreach (var producer in _producers) producer.Stop();
        _operator?.Stop();
    }

    public override TimeSpan BeginProbe()
    {
        // One whose last ISR member has fallen is excused from recovery, and may still have its name for a leader.
        var healthy = _cluster.Partitions.Where(p => p.Quorum is { } quorum && quorum.Isr.Count >= _swarm.MinInsyncReplicas && p.Replicas.Any(p.IsLegitimateLeader)).Select(p => p.Name).ToList();
        if (healthy.Count == 0) return TimeSpan.Zero;
        _producers[0].Probe(healthy, Probes);
        return s_probe;
    }

    // A follower that keeps its session but fetches no more: only its leaders can take it out of the ISR. No leadership may fall
    // to it meanwhile, so nothing else may be down or about to move.
    // Only one producer sends: where it asks for one acknowledgement, nobody sends again what the follower lacks.
    public override bool BeginDegradation()
    {
        if (!_swarm.HangsAfterRecovery || _swarm.LeaderImbalanceCheckSeconds < 300 || _brokers.Any(b => b.IsFallen)) return false;
        if (_brokers.FirstOrDefault(b => _cluster.Partitions.All(p => p.Quorum is { Leader: >= 0 } quorum && quorum.Leader != b.Id)) is not { } follower) return false;
        _world.RunFor(s_firstBalanceIsOver);
        if (_cluster.Partitions.Any(p => p.Quorum is not { Leader: >= 0 } quorum || quorum.Leader == follower.Id)) return true;
        _producers[^1].Resume();
        _world.Schedule(TimeSpan.FromSeconds(1), follower.Hang);
        _world.Schedule(TimeSpan.FromSeconds(2), _producers[^1].Stop);
        _world.RunFor(TimeSpan.FromSeconds(3));
        return true;
    }

    public override void BeginFinalRead()
    {
        foreach (var broker in _brokers) broker.Rise();
        _finalReader.Start();
    }

    private static WorkloadShape ShapeOf(Swarm swarm) => new()
    {
        Producers = s_producers,
        Consumers = s_consumers,
        Partitions = swarm.Partitions + swarm.SafePartitions,
        Start = ClientsStart,
        ReadStart = ClientsStart + TimeSpan.FromSeconds(1),
        End = WarmUp + swarm.FaultPhase,
        SendPause = swarm.SendPause,
        ChorePause = swarm.ChorePause,
        Topic = Topic,
        MoveTargets = swarm.MovesPartitions ? swarm.Brokers : 0,
        DeletionPause = swarm.DeletionPause,
        Keys = swarm.Keys,
    };

    private static LogUpkeep UpkeepOf(Swarm swarm) =>
        new(swarm.Compacts, swarm.Deletes, swarm.MinCompactionLagMs, swarm.DeleteRetentionMs, swarm.Deletes ? swarm.RetentionMs : 0, swarm.Deletes ? swarm.RetentionBytes : 0);

    private ProducerWorkload Producer(string name, short acks, Endpoint[] bootstrap)
    {
        var options = new ProducerOptions
        {
            BootstrapServers = bootstrap,
            Acks = acks,
            Linger = TimeSpan.FromMilliseconds(5),
            BatchSize = 512,
            MaxBlock = TimeSpan.FromSeconds(10),
            RequestTimeout = TimeSpan.FromSeconds(4),
            DeliveryTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            MaxInFlight = _swarm.MaxInFlightRequests,
        };
        return new ProducerWorkload(_world, name, _history, options, _partitions, _swarm.Keys, _workload.SendsOf(name), NoteAcknowledged);
    }

    private ConsumerWorkload Consumer(string name, ConsumerOptions options) => new(_world, name, _history, options, _partitions, _workload.SeeksOf(name));

    private OperatorWorkload Operator(Endpoint[] bootstrap) =>
        new(_world, _history, Administration(bootstrap), $"{_coordination.Machine.Name}:{CoordinationMachine.Port}", Topic, _workload.Chores);

    private TopicPreparation Preparation(Endpoint[] bootstrap)
    {
        var safe = new NewTopic(SafeTopic, _swarm.SafePartitions, Configuration: new Dictionary<string, string> { ["unclean.leader.election.enable"] = "false" });
        return new TopicPreparation(_world, Administration(bootstrap), [new NewTopic(Topic, _swarm.Partitions), safe]);
    }

    private static AdminOptions Administration(Endpoint[] bootstrap) =>
        new() { BootstrapServers = bootstrap, RequestTimeout = TimeSpan.FromSeconds(6), ConnectTimeout = TimeSpan.FromSeconds(2) };

    private static IReadOnlyList<TopicPartition> PartitionsOf(Swarm swarm) =>
        [.. Enumerable.Range(0, swarm.Partitions).Select(p => new TopicPartition(Topic, p)), .. Enumerable.Range(0, swarm.SafePartitions).Select(p => new TopicPartition(SafeTopic, p))];

    private void NoteAcknowledged(SendOperation send)
    {
        send.IsAnnouncedLost = _history.IsLost(send);
        if (send.IsPromised) _cluster.Partitions.First(p => p.Name == send.Partition).NoteAcknowledged(send.Offset);
    }

    private void RequestStop(SimMachine machine) => BrokerOn(machine)?.RequestStop();

    private void Reconfigure(SimMachine machine, string variant)
    {
        if (BrokerOn(machine) is { } broker) broker.Variant = variant;
    }

    private BrokerMachine? BrokerOn(SimMachine machine) => _brokers.FirstOrDefault(b => b.Machine == machine);
}
