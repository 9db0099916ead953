using System;
using Reference.Broker;
using Reference.Broker.Controller;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Cluster;

/// <summary>A broker that dies of something else than Kafka's would is not quietly started again.</summary>
public class BrokerMachineTests
{
    [Fact]
    public void A_connection_failure_that_escapes_from_a_broker_that_serves_fails_the_run()
    {
        var decisions = BrokerDecisions.Kafka with
        {
            Controller = ControllerDecisions.Kafka with { GuardOps = _ => throw new NetworkException(NetworkError.Reset, "planted") },
        };
        var failure = SeedRunner.Run(new ClusterScenario(ReplicationPlan.Plan, decisions), 1).Failure;
        Assert.Equal("no-unhandled-exception", failure?.Property);
        Assert.Contains("ended while it served: ", failure!.Message, StringComparison.Ordinal);
        Assert.Contains("planted", failure.Message, StringComparison.Ordinal);
    }
}
