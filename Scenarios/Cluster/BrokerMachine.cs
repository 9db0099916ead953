using System;
using System.Collections.Generic;
using Reference.Broker;
using Reference.Broker.Lifecycle;
using Reference.Broker.Server;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>A machine on which a broker runs, started again after a pause when it gives up for a reason that Kafka's would have.</summary>
public sealed class BrokerMachine : IObservedBroker
{
    private const int Port = 9092;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_untilOperator = TimeSpan.FromSeconds(5);
    private readonly ClusterShape _shape;
    private readonly BrokerDecisions _decisions;
    private readonly ProcessState<Run> _run;
    private readonly Supervisor _supervisor;
    private readonly JunkAccount _junk;
    private bool _mustActOnJunk;
    private bool _fallen;
    private FaultEffect? _hang;

    /// <summary>Adds the machine to the world.</summary>
    public BrokerMachine(SimWorld world, int id, ClusterShape shape, BrokerDecisions decisions)
    {
        Id = id;
        _shape = shape;
        _decisions = decisions;
        Machine = world.AddMachine($"broker-{id}");
        Machine.Exited = OnExited;
        _run = new ProcessState<Run>(Machine);
        _supervisor = new Supervisor(Machine);
        _junk = new JunkAccount(Machine.Disk);
    }

    /// <summary>The log directory that each broker has.</summary>
    public static string FirstDirectory => "kafka-logs";

    /// <summary>The other one of those that have two.</summary>
    public static string SecondDirectory => "kafka-logs-2";

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public SimMachine Machine { get; }

    /// <summary>Which of <see cref="BrokerVariants"/> its next start runs with.</summary>
    public string Variant { get; set; } = BrokerVariants.Usual;

    /// <summary>Where it listens.</summary>
    public Endpoint Endpoint => new(Machine.Name, Port);

    /// <inheritdoc/>
    public IReadOnlyList<string> LogDirectories => _shape.Swarm.TwoLogDirectories ? [FirstDirectory, SecondDirectory] : [FirstDirectory];

    /// <inheritdoc/>
    public IReadOnlyList<string> OpenDirectories => _run.Running is { Server: var server } ? server.DirectoriesWithOpenLogs : [];

    /// <summary>True while it serves on though one of its log directories has failed.</summary>
    public bool HasLostDirectory => _run.Running is { HasServed: true, Server.OfflineDirectories: [_, ..] offline } && offline.Count < LogDirectories.Count;

    /// <inheritdoc/>
    public int Incarnation => Machine.Process?.Incarnation ?? 0;

    /// <inheritdoc/>
    public bool IsController => _run.Running is { Server.IsController: true };

    /// <inheritdoc/>
    public int? ReignEpoch => _run.Running?.Server.Controller is { IsController: true } controller ? controller.ControllerEpoch : null;

    /// <inheritdoc/>
    public long? BrokerEpoch => _run.Running?.Server.Controller is { BrokerEpoch: >= 0 } controller ? controller.BrokerEpoch : null;

    /// <summary>True while it runs and has been asked to stop.</summary>
    public bool IsStopping => _run.Running is { WasAskedToStop: true };

    /// <summary>True while it is down because it was asked to stop.</summary>
    public bool HasStopped => Machine.HasExited && _run.Last is { WasAskedToStop: true, HasServed: true };

    /// <summary>True while it runs and has got as far as serving.</summary>
    public bool HasServed => _run.Running is { HasServed: true };

    /// <inheritdoc/>
    public bool IsLoading => _run.Running is { HasServed: false, Server.HasOpenLogs: true };

    /// <inheritdoc/>
    public bool IsFallen => _fallen;

    /// <summary>Starts the broker.</summary>
    public void Start() => _supervisor.Start(async node =>
    {
        var run = new Run(new BrokerServer(node, _shape.ConfigOf(this), _decisions));
        _run.Set(run);
        if (_mustActOnJunk) await ActOnJunk(node);
        await run.Server.Start();
        run.HasServed = true;
        _junk.Settle();
        if (LogDirectories.Count > 1) LookAfterDisks(run);
        await run.Server.Stopped;
    });

    /// <summary>Asks the broker to stop in order, unless it is starting or stopping. Runs on its loop.</summary>
    public void RequestStop()
    {
        if (_run.Running is not { Server.State: BrokerState.RunningAsBroker } run) return;
        run.WasAskedToStop = true;
        Machine.Process!.Loop.Spawn(run.Server.Stop());
    }

    /// <summary>Crashes it for good, until <see cref="Rise"/>.</summary>
    public void Fall()
    {
        _fallen = true;
        Machine.Crash();
    }

    /// <summary>Its disk answers nothing more, until <see cref="Rise"/>: it keeps its session, but replicates nothing.</summary>
    public void Hang()
    {
        _fallen = true;
        _hang = Machine.Disk.Stall(TimeSpan.FromDays(1));
    }

    /// <summary>Brings it back after a fall or a hang.</summary>
    public void Rise()
    {
        _fallen = false;
        _hang?.End();
        _hang = null;
        if (!Machine.IsUp) Machine.Restart();
    }

    /// <inheritdoc/>
    public ReplicaReading? Look(string topic, int partition)
    {
        if (_run.Running is not { Server: var server }) return null;
        if (!server.Partitions.TryGetValue(new TopicPartition(topic, partition), out var replica) || replica.LeaderEpoch < 0 || !replica.Log.Directory.IsOnline) return null;
        return new ReplicaReading(
            replica.IsLeader,
            replica.LeaderEpoch,
            replica.Isr?.Committed ?? [],
            replica.Isr?.Maximal ?? [],
            replica.HighWatermark,
            replica.Log.LogEndOffset,
            replica.Log.LogStartOffset,
            replica.Log.RecoveryPoint,
            replica.Log.Config.IsCompacted ? replica.Log.CleanedUpTo ?? 0 : 0,
            replica.Log.Rewrites);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string>? KnownTopics => _run.Running?.Server.Metadata.Topics;

    /// <inheritdoc/>
    public (int Leader, int Epoch)? KnownLeader(string topic, int partition) =>
        _run.Running?.Server.KnownLeader(new TopicPartition(topic, partition));

    // The operator reads why the broker refuses to start, and does what it says: only then it keeps what stands before the damage.
    private async LoopTask ActOnJunk(Node node)
    {
        foreach (var directory in LogDirectories)
        {
            foreach (var name in (string[])[".kafka_cleanshutdown", "recovery-point-offset-checkpoint"]) await node.Disk.Delete($"{directory}/{name}");
            await node.Disk.SyncDirectory(directory);
        }

        _mustActOnJunk = false;
    }

    // A directory that has failed stays offline until its broker is started again: the operator reads of it, and does that in order.
    private void LookAfterDisks(Run run) => Machine.World.Schedule(s_look, () =>
    {
        if (_run.Running != run) return;
        if (HasLostDirectory) Machine.World.Schedule(s_untilOperator, () => StopForDisk(run));
        else LookAfterDisks(run);
    });

    private void StopForDisk(Run run)
    {
        if (_run.Running != run) return;
        if (HasLostDirectory) Machine.Invoke(RequestStop);
        LookAfterDisks(run); // the broker may not have been able to obey yet
    }

    // Whoever supervises a broker starts it again; but an end that Kafka's would not have met is a bug, not a restart.
    private void OnExited(SimMachine machine, Exception? error)
    {
        var exit = new BrokerExit(_run.Last is { HasServed: true }, _run.Last is { WasAskedToStop: true }, error) { DiskFailed = _supervisor.DiskFailed, FoundJunk = _junk.Explains(error) };
        if (exit.FoundJunk) _junk.Settle();
        _mustActOnJunk |= exit.FoundJunk;
        if (!exit.IsKafkas) machine.World.Report(new SimFailure("no-unhandled-exception", $"{machine.Name} {exit}", error));
        else if (!_fallen) _supervisor.RestartLater(() => !_fallen);
    }

    /// <summary>A process of the broker.</summary>
    private sealed class Run(BrokerServer server)
    {
        public BrokerServer Server => server;

        public bool HasServed { get; set; }

        public bool WasAskedToStop { get; set; }
    }
}
