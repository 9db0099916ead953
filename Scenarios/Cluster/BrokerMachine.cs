using System;
using Reference.Broker;
using Reference.Broker.Lifecycle;
using Reference.Broker.Server;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>A machine on which a broker runs, started again after a pause when it gives up.</summary>
public sealed class BrokerMachine
{
    private const int Port = 9092;
    private static readonly TimeSpan SupervisorPause = TimeSpan.FromMilliseconds(700);
    private readonly ClusterShape _shape;
    private readonly BrokerDecisions _decisions;
    private BrokerServer? _server;
    private bool _fallen;

    /// <summary>Adds the machine to the world.</summary>
    public BrokerMachine(SimWorld world, int id, ClusterShape shape, BrokerDecisions decisions)
    {
        Id = id;
        _shape = shape;
        _decisions = decisions;
        Machine = world.AddMachine($"broker-{id}");
        Machine.Exited = OnExited;
    }

    /// <summary>broker.id.</summary>
    public int Id { get; }

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; }

    /// <summary>Where it listens.</summary>
    public Endpoint Endpoint => new(Machine.Name, Port);

    /// <summary>Its log directory.</summary>
    public string LogDirectory => "kafka-logs";

    /// <summary>Which of its processes runs; 0 for none.</summary>
    public int Incarnation => Machine.Process?.Incarnation ?? 0;

    /// <summary>True if it believes to be the controller.</summary>
    public bool IsController => Machine.IsUp && _server is { IsController: true };

    /// <summary>True if it is to stay down for now.</summary>
    public bool IsFallen => _fallen;

    /// <summary>Starts the broker.</summary>
    public void Start() => Machine.Start(async node =>
    {
        var server = new BrokerServer(node, _shape.ConfigOf(this), _decisions);
        _server = server;
        await server.Start();
        await server.Stopped;
    });

    /// <summary>Asks the broker to stop in order, unless it is starting or stopping. Runs on its loop.</summary>
    public void RequestStop()
    {
        if (_server is { State: BrokerState.RunningAsBroker } server && Machine.Process is { } process) process.Loop.Spawn(server.Stop());
    }

    /// <summary>Crashes it for good, until <see cref="Rise"/>.</summary>
    public void Fall()
    {
        _fallen = true;
        Machine.Crash();
    }

    /// <summary>Starts it again after a fall.</summary>
    public void Rise()
    {
        _fallen = false;
        if (!Machine.IsUp) Machine.Restart();
    }

    /// <summary>What it says of its replica now; null if it does not run or has not loaded the partition.</summary>
    public ReplicaReading? Look(string topic, int partition)
    {
        if (!Machine.IsUp || _server is not { } server) return null;
        if (!server.Partitions.TryGetValue(new TopicPartition(topic, partition), out var replica) || replica.LeaderEpoch < 0) return null;
        return new ReplicaReading(
            replica.StateVersion,
            replica.IsLeader,
            replica.LeaderEpoch,
            replica.Isr?.Committed ?? [],
            replica.Isr?.Maximal ?? [],
            replica.HighWatermark,
            replica.Log.LogEndOffset,
            replica.Log.LogStartOffset);
    }

    /// <summary>The leader and leader epoch of a partition in its metadata cache.</summary>
    public (int Leader, int Epoch)? KnownLeader(string topic, int partition) =>
        Machine.IsUp ? _server?.KnownLeader(new TopicPartition(topic, partition)) : null;

    // A broker that cannot reach the store or has lost its session gives up, as a real one does; whoever supervises it starts it again.
    private void OnExited(SimMachine machine, Exception? error)
    {
        if (error is not (null or CoordinationException or NetworkException or BrokerIdTakenException))
        {
            machine.World.Report(new SimFailure("no-unhandled-exception", $"{machine.Name}: {error}", error));
            return;
        }

        if (_fallen) return;
        machine.World.Schedule(SupervisorPause, () =>
        {
            if (!machine.IsUp && !_fallen && machine.HasPower) machine.Restart();
        });
    }
}
