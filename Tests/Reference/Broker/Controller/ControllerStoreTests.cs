using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Wire;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>What a controller writes, where there is more of it than one request to the store may hold, and beside what it cannot read.</summary>
public sealed class ControllerStoreTests
{
    private const string Topic = "orders";
    private const int ManyPartitions = 600;
    private static readonly ControllerDecisions s_unguarded = new() { GuardOps = _ => [] };

    [Fact]
    public void A_topic_of_many_partitions_is_deleted_in_writes_that_the_store_takes()
    {
        var cluster = WithManyPartitions();
        Assert.True(Done(cluster, Deletion(cluster, s_unguarded)));
        AssertGone(cluster);
    }

    [Fact]
    public void A_deletion_that_is_cut_off_leaves_the_topic_and_the_wish_and_is_brought_to_its_end_by_the_next()
    {
        var cluster = WithManyPartitions();
        var (term, writes) = (new ControllerTerm(1, 0), 0);
        var store = Store(
            cluster,
            new ControllerDecisions
            {
                GuardOps = _ =>
                {
                    if (++writes == 2) term.End();
                    return [];
                },
            },
            term);
        Assert.False(Done(cluster, () => store.DeleteTopic(Topic)));
        Assert.InRange(cluster.Ask(z => z.Session.Children(KafkaPaths.Partitions(Topic))).Names.Count, 1, ManyPartitions - 1);
        Assert.Equal(ManyPartitions, cluster.Ask(z => z.Topic(Topic))!.Partitions.Count);
        Assert.True(cluster.Stands(KafkaPaths.TopicConfig(Topic)));
        Assert.Equal([Topic], cluster.Ask(z => z.TopicsToDelete()));
        Assert.True(Done(cluster, Deletion(cluster, s_unguarded)));
        AssertGone(cluster);
    }

    [Fact]
    public void A_small_topic_is_deleted_in_one_transaction()
    {
        var cluster = Prepared();
        CreateTopic(cluster, 3);
        var writes = 0;
        var decisions = new ControllerDecisions
        {
            GuardOps = _ =>
            {
                writes++;
                return [];
            },
        };
        Assert.True(Done(cluster, Deletion(cluster, decisions)));
        AssertGone(cluster);
        Assert.Equal(1, writes);
    }

    [Fact]
    public void An_assignment_that_would_become_larger_than_the_store_takes_is_not_written()
    {
        var cluster = Prepared();
        CreateTopic(cluster, 1);
        var store = Store(cluster, s_unguarded);
        var refusal = cluster.Ask(_ => store.UpdateTopic(Topic, _ => OfPartitions(100_000), ErrorCode.InvalidPartitions));
        Assert.Equal(ErrorCode.InvalidPartitions, refusal.Error);
        Assert.Contains("100000 partitions", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Ask(_ => store.UpdateTopic("gone", t => t, ErrorCode.InvalidPartitions)).Error);
        Assert.True(cluster.Ask(_ => store.UpdateTopic(Topic, _ => OfPartitions(2), ErrorCode.InvalidPartitions)).IsAccepted);
        Assert.Equal(2, cluster.Ask(z => z.Topic(Topic))!.Partitions.Count);
    }

    [Fact]
    public void Who_writes_a_state_against_an_old_version_is_told_what_stands_there()
    {
        var cluster = Prepared();
        CreateTopic(cluster, 1);
        var mended = new PartitionStateZnode(1, 0, [1, 2], 1, 1);
        cluster.Put(KafkaPaths.PartitionState(new(Topic, 0)), System.Text.Encoding.UTF8.GetString(mended.Encode()));
        var update = cluster.Ask(z => z.UpdatePartitionState(new(Topic, 0), new PartitionStateZnode(1, 0, [1, 3], 1, 0)));
        Assert.Equal((false, mended), (update.Updated, update.Standing));
    }

    [Fact]
    public void A_state_that_cannot_be_read_is_left_alone_and_the_others_are_set()
    {
        var cluster = Prepared();
        CreateTopic(cluster, 2);
        cluster.Put(KafkaPaths.PartitionState(new(Topic, 0)), "nonsense");
        var store = Store(cluster, s_unguarded);
        var next = new PartitionStateZnode(2, 1, [2], 1, 0);
        var updated = cluster.Ask(_ => store.Update([new(new(Topic, 0), next), new(new(Topic, 1), next)]));
        Assert.Equal([null, next with { ZkVersion = 1 }], updated);
        Assert.Equal(next with { ZkVersion = 1 }, cluster.State(new(Topic, 1)));
    }

    private static void AssertGone(ControllerCluster cluster)
    {
        Assert.Empty(cluster.Ask(z => z.Topics()));
        Assert.False(cluster.Stands(KafkaPaths.TopicConfig(Topic)));
        Assert.Empty(cluster.Ask(z => z.TopicsToDelete()));
    }

    /// <summary>The deletion of all of it in one write would be twice as large as what the store takes.</summary>
    private static ControllerCluster WithManyPartitions()
    {
        var cluster = Prepared(maxRequestBytes: 40_000);
        CreateTopic(cluster, ManyPartitions);
        return cluster;
    }

    private static void CreateTopic(ControllerCluster cluster, int partitions)
    {
        Assert.True(cluster.Ask(z => z.CreateTopic(Topic, OfPartitions(partitions), new(StringComparer.Ordinal))));
        var store = Store(cluster, s_unguarded);
        var state = new PartitionStateZnode(1, 0, [1], 1);
        cluster.Ask(_ => store.Create([.. Enumerable.Range(0, partitions).Select(p => new WishedState(new(Topic, p), state))]));
        cluster.Ask(async z =>
        {
            await z.RequestTopicDeletion(Topic);
            return true;
        });
    }

    private static TopicZnode OfPartitions(int count) => new(new SortedDictionary<int, IReadOnlyList<int>>(Enumerable.Range(0, count).ToDictionary(p => p, IReadOnlyList<int> (_) => [1])));

    private static ControllerStore Store(ControllerCluster cluster, ControllerDecisions decisions, ControllerTerm? term = null) => cluster.Ask(z =>
        LoopTask.FromResult(new ControllerStore(z, term ?? new ControllerTerm(1, 0), decisions, cluster.Observer.Process!.Node.Logs.CreateLogger("store"))));

    private static Func<LoopTask> Deletion(ControllerCluster cluster, ControllerDecisions decisions)
    {
        var store = Store(cluster, decisions);
        return () => store.DeleteTopic(Topic);
    }

    /// <summary>Whether something was done; false if its controller was deposed meanwhile.</summary>
    private static bool Done(ControllerCluster cluster, Func<LoopTask> work) => cluster.Ask(async _ =>
    {
        try
        {
            await work();
            return true;
        }
        catch (ControllerMovedException)
        {
            return false;
        }
    });

    private static ControllerCluster Prepared(int maxRequestBytes = 0xfffff)
    {
        var cluster = new ControllerCluster(0, maxRequestBytes: maxRequestBytes);
        cluster.Ask(async z =>
        {
            await z.EnsurePersistentPaths();
            return true;
        });
        return cluster;
    }
}
