using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Wire;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Clients;

/// <summary>The admin against a scripted leader in the simulator.</summary>
public sealed class AdminTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    [Fact]
    public void Records_of_many_partitions_are_deleted_by_one_request_to_their_leader_and_each_has_its_own_outcome()
    {
        var cluster = new FakeCluster(partitions: 3);
        for (var partition = 0; partition < 3; partition++) cluster.Seed(partition, 0, "a", "b", "c");
        cluster.Run(async node =>
        {
            var deleted = await Delete(node, cluster, (0, 2), (1, -1), (2, 9));
            Assert.Equal([(2, null), (3, null), (-1, ErrorCode.OffsetOutOfRange)], deleted.Values.Select(d => (d.LowWatermark, d.Failure?.Code)));
            Assert.Equal([(1, 3)], cluster.Deletions);
        });
    }

    [Fact]
    public void A_broker_that_no_longer_leads_is_asked_once_and_the_new_leader_then()
    {
        var cluster = new FakeCluster(partitions: 2) { StepsDownAtDeletion = true };
        for (var partition = 0; partition < 2; partition++) cluster.Seed(partition, 0, "a", "b");
        cluster.Run(async node =>
        {
            var deleted = await Delete(node, cluster, (0, 1), (1, -1));
            Assert.Equal([(1, null), (2, null)], deleted.Values.Select(d => (d.LowWatermark, d.Failure?.Code)));
            Assert.Equal([(1, 2), (2, 2)], cluster.Deletions);
        });
    }

    [Fact]
    public void What_has_its_outcome_is_not_asked_for_again_while_others_wait_for_their_time_to_end()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a", "b");
        cluster.Run(async node =>
        {
            var started = node.Clock.MonotonicMicros;
            var deleted = await Delete(node, cluster, (0, 1), (7, 1));
            Assert.Equal([(1, null), (-1, ErrorCode.UnknownTopicOrPartition)], deleted.Values.Select(d => (d.LowWatermark, d.Failure?.Code)));
            Assert.InRange(node.Clock.MonotonicMicros - started, (long)s_timeout.TotalMicroseconds, (long)s_timeout.TotalMicroseconds + 1_000_000);
            Assert.Equal([(1, 1)], cluster.Deletions);
        });
    }

    [Fact]
    public void Nothing_wished_for_is_nothing_asked_for()
    {
        var cluster = new FakeCluster();
        cluster.Run(async node =>
        {
            Assert.Empty(await Delete(node, cluster));
            Assert.Empty(cluster.Deletions);
        });
    }

    private static async LoopTask<IReadOnlyDictionary<TopicPartition, DeletedRecords>> Delete(Node node, FakeCluster cluster, params (int Partition, long Offset)[] wishes)
    {
        var admin = new Admin(node, new AdminOptions { BootstrapServers = cluster.Client.BootstrapServers });
        var deleted = await admin.DeleteRecords(wishes.ToDictionary(w => new TopicPartition(FakeCluster.Topic, w.Partition), w => w.Offset), s_timeout);
        await admin.Close();
        return deleted;
    }
}
