using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>Brokers that restarted while there was no controller are seen by their epochs: as a table, and in the cluster.</summary>
public sealed class RestartedReplicasTests
{
    private static readonly TopicPartition s_partition = new("orders", 0);

    [Theory]
    [InlineData("1,2,3", "1,2,3", "1@5 2@5 3@5", "")]
    [InlineData("1,2,3", "1,2,3", "1@5 2@15 3@5", "2")]
    [InlineData("1,2,3", "1,3", "1@5 2@15 3@5", "2")]
    [InlineData("1,2,3", "1,2,3", "1@15 2@15 3@15", "")]
    [InlineData("1,2,3", "2,3", "1@5 2@15 3@15", "")]
    [InlineData("1,2,3", "1,2,3", "1@15 2@5", "1")]
    [InlineData("1,2,3", "1,2,3", "2@15", "")]
    [InlineData("1", "1", "1@15", "")]
    public void A_registration_later_than_the_state_is_a_restart_unless_all_in_sync_have_restarted(string replicas, string isr, string brokers, string expected)
    {
        var registered = new Dictionary<int, RegisteredBroker>();
        foreach (var text in brokers.Split(' '))
        {
            var parts = text.Split('@').Select(int.Parse).ToList();
            registered[parts[0]] = new RegisteredBroker(new BrokerZnode(parts[0], [], 0), parts[1]);
        }

        var state = new PartitionStateZnode(1, 0, [.. isr.Split(',').Select(int.Parse)], 1);
        var found = RestartedReplicas.Of(s_partition, [.. replicas.Split(',').Select(int.Parse)], state, 10, registered);
        Assert.Equal(expected, string.Join(',', found.Select(r => r.BrokerId)));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void A_broker_that_restarted_while_there_was_no_controller_follows_one_that_did_not(int restarted, int leader)
    {
        var cluster = new ControllerCluster(3);
        cluster.StartAll();
        cluster.CreateTopic("orders", [2, 3]);
        cluster.Brokers[0].Machine.Crash(); // its session keeps the others from an election for some seconds
        var bounced = cluster.Brokers[restarted - 1];
        var isBack = false;
        bounced.Machine.Invoke(() => Loop.Current.Spawn(Bounce()));
        cluster.Until(() => isBack, "it is registered again");
        Assert.DoesNotContain(cluster.Brokers.Skip(1), b => b.Controller.IsController);
        cluster.Until(() => cluster.Brokers.Skip(1).Any(b => b.Controller is { IsController: true }), "another reigns");
        cluster.Until(() => cluster.State(s_partition)!.LeaderEpoch > 0 && cluster.State(s_partition)!.Leader == leader, "the one that did not restart leads");
        Assert.DoesNotContain(restarted, cluster.State(s_partition)!.Isr);
        cluster.Until(() => bounced.Told.TryGetValue(s_partition, out var told) && told.Leader == leader, "the one that did follows");

        async LoopTask Bounce()
        {
            var info = (await bounced.Znodes.Broker(restarted))!.Info;
            await bounced.Znodes.UnregisterBroker(restarted);
            await bounced.Znodes.RegisterBroker(info, TimeSpan.Zero);
            isBack = true;
        }
    }
}
