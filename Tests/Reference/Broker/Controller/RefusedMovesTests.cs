using System;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>What the tables of partitions and replicas do not allow is refused and logged: nothing moves, nothing is written, and the others go on.</summary>
public sealed class RefusedMovesTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);
    private static readonly TopicPartition s_other = new("orders", 1);

    private readonly ControllerCluster _cluster = new(brokers: 0);
    private readonly ControllerContext _context = new();
    private readonly RememberingLogs _logs = new();

    [Fact]
    public void A_partition_refuses_each_move_that_the_table_does_not_have()
    {
        var partitions = Partitions();
        foreach (var state in Enum.GetValues<PartitionState>())
        {
            foreach (var trigger in Enum.GetValues<PartitionTrigger>())
            {
                _context.Initialize(s_partition, state);
                var seen = _logs.Lines.Count;
                partitions.Fire([s_partition], trigger);
                var isLegal = PartitionLifecycle.Create(state).CanFire(trigger);
                Assert.Equal(isLegal ? [] : [$"Error: Refused to {trigger} partition orders-0 in state {state}"], _logs.Lines.Skip(seen));
                if (!isLegal) Assert.Equal(state, _context.Partition(s_partition).State);
            }
        }
    }

    [Fact]
    public void A_replica_refuses_each_move_that_the_table_does_not_have()
    {
        var replicas = Replicas();
        var replica = new PartitionReplica(s_partition, 1);
        foreach (var state in Enum.GetValues<ReplicaState>())
        {
            foreach (var trigger in Enum.GetValues<ReplicaTrigger>())
            {
                _context.Initialize(replica, state);
                var seen = _logs.Lines.Count;
                var moved = replicas.Fire([replica], trigger);
                var isLegal = ReplicaLifecycle.Create(state).CanFire(trigger);
                Assert.Equal(isLegal ? [] : [$"Error: Refused to {trigger} replica {replica} in state {state}"], _logs.Lines.Skip(seen));
                Assert.Equal(isLegal ? [replica] : [], moved);
                if (!isLegal) Assert.Equal(state, _context.Replica(replica).State);
            }
        }
    }

    [Fact]
    public void No_leader_is_elected_for_a_partition_that_does_not_exist_and_nothing_is_written()
    {
        var partitions = Partitions();
        Assert.Empty(_cluster.Ask(_ => partitions.Elect([s_partition], ElectionStrategy.Offline)));
        Assert.Equal(["Error: Refused to elect a leader of partition orders-0 in state NonExistent"], _logs.Lines);
        Assert.Equal(PartitionState.NonExistent, _context.Partition(s_partition).State);
        Assert.Null(_cluster.State(s_partition));
    }

    [Fact]
    public void A_refusal_does_not_keep_the_others_from_moving()
    {
        _context.Initialize(s_other, PartitionState.Online);
        Partitions().Fire([s_partition, s_other], PartitionTrigger.LoseLeader);
        Assert.Equal((PartitionState.NonExistent, PartitionState.Offline), (_context.Partition(s_partition).State, _context.Partition(s_other).State));
        var (refused, legal) = (new PartitionReplica(s_partition, 1), new PartitionReplica(s_partition, 2));
        _context.Initialize(refused, ReplicaState.Online);
        _context.Initialize(legal, ReplicaState.Offline);
        Replicas().Delete([refused, legal]);
        Assert.Equal((ReplicaState.Online, ReplicaState.DeletionStarted), (_context.Replica(refused).State, _context.Replica(legal).State));
        Assert.Equal(2, _logs.Lines.Count);
    }

    private PartitionStateMachine Partitions() => _cluster.Ask(z =>
    {
        var (term, config) = (new ControllerTerm(1, 0), new ControllerConfig());
        var store = new ControllerStore(z, term, ControllerDecisions.Kafka, _logs);
        var channels = Channels(term, config);
        var adoption = new StateAdoption(_context, new ReplicaStateMachine(_context, store, term, NewBatch, channels, _logs), NewBatch, channels, _logs);
        return LoopTask.FromResult(new PartitionStateMachine(1, _context, store, z, term, config, ControllerDecisions.Kafka, adoption, NewBatch, channels, _logs));
    });

    private ReplicaStateMachine Replicas() => _cluster.Ask(z =>
    {
        var (term, config) = (new ControllerTerm(1, 0), new ControllerConfig());
        var store = new ControllerStore(z, term, ControllerDecisions.Kafka, _logs);
        return LoopTask.FromResult(new ReplicaStateMachine(_context, store, term, NewBatch, Channels(term, config), _logs));
    });

    private ControlRequestBatch NewBatch() => new(_context, 1, 1, "PLAINTEXT");

    private ControllerChannelManager Channels(ControllerTerm term, ControllerConfig config) =>
        new(_cluster.Observer.Process!.Node, config, 1, term, _logs, static _ => { });
}
