using System;
using Reference.Clients.Administration;
using Scenarios.History;
using Scenarios.Workload;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Workload;

/// <summary>What the operator notes of his chores.</summary>
public class OperatorWorkloadTests
{
    /// <summary>Else whoever judges deletions would have to reckon with it to the end of the run.</summary>
    [Fact]
    public void A_deletion_that_nobody_carries_out_ends_undone()
    {
        var world = new SimWorld(1, new WorldOptions { Buggify = false });
        world.AddMachine("broker"); // nobody listens there
        var history = new ClientHistory();
        var options = new AdminOptions { BootstrapServers = [new Endpoint("broker", 9092)], RequestTimeout = TimeSpan.FromSeconds(6), ConnectTimeout = TimeSpan.FromSeconds(2) };
        var chore = new PlannedChore(TimeSpan.Zero, ChoreKind.DeleteRecords) { Partition = 0, Percent = 100 };
        new OperatorWorkload(world, history, options, "store:2181", "t", [chore]).Start();
        world.RunFor(TimeSpan.FromSeconds(2));
        var deletion = Assert.Single(history.Deletions);
        Assert.Equal((-1, false, false), (deletion.Offset, deletion.HasEnded, deletion.IsDone));
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Null(world.Failure);
        Assert.Equal((true, false), (deletion.HasEnded, deletion.IsDone));
    }
}
