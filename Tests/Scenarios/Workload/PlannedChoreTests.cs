using System;
using System.Linq;
using Scenarios.Workload;
using Simulator.Engine;
using Simulator.Engine.Replay;
using Xunit;

namespace Tests.Scenarios.Workload;

/// <summary>What an operator does is drawn before the run, written down and read again.</summary>
public class PlannedChoreTests
{
    private static readonly WorkloadShape s_shape = new()
    {
        Producers = [],
        Consumers = [],
        Partitions = 2,
        Topic = "orders",
        Start = TimeSpan.Zero,
        ReadStart = TimeSpan.Zero,
        End = TimeSpan.FromMinutes(30),
        SendPause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        ChorePause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)),
        MoveTargets = 5,
        DeletionPause = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9)),
    };

    [Fact]
    public void Every_kind_is_drawn_and_survives_being_written_down()
    {
        var plan = WorkloadPlan.Draw(new SimWorld(3), s_shape);
        Assert.Equal(Enum.GetValues<ChoreKind>(), plan.Chores.Select(c => c.Kind).Distinct().Order());
        var again = WorkloadPlan.Of(plan.Operations, s_shape);
        Assert.Equal(plan.Chores.Select(Text), again.Chores.Select(Text));
    }

    [Fact]
    public void Moves_go_to_different_brokers_that_exist() => Assert.All(
        WorkloadPlan.Draw(new SimWorld(3), s_shape).Chores.Where(c => c.Replicas.Count > 0),
        c => Assert.True(c.Replicas.Distinct().Count() == c.Replicas.Count && c.Replicas.All(r => r is >= 1 and <= 5) && c.Replicas.Count >= 2));

    [Fact]
    public void Without_brokers_to_move_to_topics_only_come_and_go()
    {
        var kinds = WorkloadPlan.Draw(new SimWorld(3), s_shape with { MoveTargets = 0, DeletionPause = default }).Chores.Select(c => c.Kind).Distinct().Order();
        Assert.Equal([ChoreKind.CreateTopic, ChoreKind.DeleteTopic, ChoreKind.DeposeController], kinds);
    }

    [Fact]
    public void Replicas_that_are_no_broker_ids_are_refused()
    {
        var move = PlannedOperation.Of(TimeSpan.Zero, OperatorWorkload.Name, "move-partition", ("topic", "orders"), ("partition", "0"), ("replicas", "1 two"));
        Assert.Contains("no broker ids", Assert.Throws<ReplayException>(() => WorkloadPlan.Of([move], s_shape)).Message, StringComparison.Ordinal);
    }

    private static string Text(PlannedChore chore) => $"{chore.At} {chore.Kind} {chore.Topic}-{chore.Partition} {chore.Partitions} {chore.Percent} [{string.Join(",", chore.Replicas)}]";
}
