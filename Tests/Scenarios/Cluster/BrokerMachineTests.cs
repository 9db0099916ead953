using System;
using Reference.Broker;
using Reference.Broker.Controller;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Cluster;

/// <summary>What Kafka's broker would not have met does not pass quietly, whether the broker dies of it or outlives it.</summary>
public class BrokerMachineTests
{
    [Fact]
    public void A_connection_failure_that_escapes_from_a_broker_that_serves_fails_the_run()
    {
        var decisions = BrokerDecisions.Kafka with
        {
            RaisesHighWatermarkAfter = (_, _) => throw new NetworkException(NetworkError.Reset, "planted"),
        };
        AssertFails(decisions, "ended while it served: ");
    }

    [Fact]
    public void A_bug_in_the_controller_that_a_broker_outlives_fails_the_run()
    {
        var decisions = BrokerDecisions.Kafka with
        {
            Controller = ControllerDecisions.Kafka with { GuardOps = _ => throw new NetworkException(NetworkError.Reset, "planted") },
        };
        AssertFails(decisions, "outlived a bug: ");
    }

    private static void AssertFails(BrokerDecisions decisions, string how)
    {
        var failure = SeedRunner.Run(new ClusterScenario(ReplicationPlan.Plan, decisions), 1).Failure;
        Assert.Equal("no-unhandled-exception", failure?.Property);
        Assert.Contains(how, failure!.Message, StringComparison.Ordinal);
        Assert.Contains("planted", failure.Message, StringComparison.Ordinal);
    }
}
