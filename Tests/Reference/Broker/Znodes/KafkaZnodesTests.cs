using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Controller;
using Xunit;

namespace Tests.Reference.Broker.Znodes;

/// <summary>Kafka's operations on the embedded store in the simulator.</summary>
public sealed class KafkaZnodesTests
{
    [Fact]
    public void The_cluster_id_is_made_once()
    {
        var cluster = new ControllerCluster(0);
        var id = cluster.Ask(z => z.ClusterId());
        Assert.Equal(22, id.Length);
        Assert.Equal(id, cluster.Ask(z => z.ClusterId()));
    }

    [Fact]
    public void The_persistent_paths_are_made_in_one_transaction_and_those_that_are_missing_later_too()
    {
        var cluster = new ControllerCluster(0);
        Assert.True(Done(cluster, z => z.EnsurePersistentPaths()));
        Assert.Single(KafkaPaths.Persistent.Select(path => cluster.Ask(z => z.Session.Exists(path))!.Value.Czxid).Distinct());
        Assert.True(cluster.Ask(async z => (await z.Session.Write([CoordinationOp.Delete("/config/users"), CoordinationOp.Delete("/consumers")])).Ok));
        Assert.True(Done(cluster, z => z.EnsurePersistentPaths()));
        Assert.Equal(2, KafkaPaths.Persistent.Select(path => cluster.Ask(z => z.Session.Exists(path))!.Value.Czxid).Distinct().Count());
    }

    [Fact]
    public void Broker_ids_and_producer_ids_are_given_once()
    {
        var cluster = new ControllerCluster(0);
        var ids = Enumerable.Range(0, 3).Select(_ => cluster.Ask(z => z.GenerateBrokerId(1000))).ToList();
        Assert.Equal([1001, 1002, 1003], ids);
        Assert.Equal(new ProducerIdBlockZnode(7, 0, 999), cluster.Ask(z => z.AllocateProducerIds(7)));
        Assert.Equal(new ProducerIdBlockZnode(8, 1000, 1999), cluster.Ask(z => z.AllocateProducerIds(8)));
    }

    [Fact]
    public void A_topic_is_created_once_and_its_configuration_can_be_set()
    {
        var cluster = Prepared();
        var assignment = new TopicZnode(new() { [0] = [1] });
        Assert.True(cluster.Ask(z => z.CreateTopic("orders", assignment, Config("retention.ms", "5"))));
        Assert.False(cluster.Ask(z => z.CreateTopic("orders", assignment, Config("retention.ms", "6"))));
        Assert.Equal("5", cluster.Ask(z => z.TopicConfig("orders"))["retention.ms"]);
        Assert.True(Done(cluster, z => z.SetTopicConfig("orders", Config("retention.ms", "7"))));
        Assert.Equal("7", cluster.Ask(z => z.TopicConfig("orders"))["retention.ms"]);
        var change = Assert.Single(cluster.Ask(z => z.ConfigChanges()));
        Assert.Equal("topics/orders", cluster.Ask(z => z.ConfigChange(change)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Lost_replies_neither_lose_nor_repeat(ulong seed)
    {
        var cluster = new ControllerCluster(0, seed);
        Assert.True(Done(cluster, z => z.EnsurePersistentPaths()));
        for (var i = 0; i < 40; i++)
        {
            cluster.World.Schedule(TimeSpan.FromMilliseconds(7 * i), () => cluster.World.Network.ResetConnections(cluster.Store, cluster.Observer));
        }

        var blocks = Enumerable.Range(0, 5).Select(_ => cluster.Ask(z => z.AllocateProducerIds(1)).Start).ToList();
        Assert.Equal(blocks.Distinct().Order(), blocks);
        Assert.True(cluster.Ask(z => z.CreateTopic("orders", new TopicZnode(new() { [0] = [1] }), Config("a", "b"))));
    }

    [Fact]
    public void A_broker_id_that_is_taken_is_refused_after_patience_and_given_when_free()
    {
        var cluster = Prepared();
        var broker = new BrokerZnode(5, [new BrokerEndpoint("PLAINTEXT", "b", 1)], 1);
        Assert.True(cluster.Ask(z => z.RegisterBroker(broker, TimeSpan.Zero)) > 0);
        var first = cluster.Ask(z => z.Broker(5))!;
        Assert.Equal(first.Epoch, cluster.Ask(z => z.RegisterBroker(broker, TimeSpan.Zero))); // its own session: nothing new
        var other = new ControllerCluster.OtherObserver(cluster);
        Assert.True(other.Refused(broker));
        Assert.True(Done(cluster, z => z.UnregisterBroker(5)));
        Assert.False(other.Refused(broker));
    }

    [Fact]
    public void A_registration_under_a_name_that_no_broker_writes_is_none()
    {
        var cluster = Prepared();
        var broker = new BrokerZnode(1, [new BrokerEndpoint("PLAINTEXT", "b", 1)], 1);
        cluster.Ask(z => z.RegisterBroker(broker, TimeSpan.Zero));
        foreach (var name in (string[])["01", "+2", "three", "99999999999"]) cluster.Put($"{KafkaPaths.BrokerIds}/{name}", "{}");
        Assert.Equal([1], cluster.Ask(z => z.Brokers()).Select(b => b.Id));
    }

    [Fact]
    public void Wishes_for_topics_are_checked_with_Kafkas_codes()
    {
        var cluster = Prepared();
        for (var id = 1; id <= 3; id++)
        {
            var broker = new BrokerZnode(id, [new BrokerEndpoint("PLAINTEXT", "b", 1)], 1);
            cluster.Ask(z => z.RegisterBroker(broker, TimeSpan.Zero));
        }

        Assert.Equal(ErrorCode.None, Create(cluster, "with.dot", 2, 2).Error);
        Assert.Equal(ErrorCode.TopicAlreadyExists, Create(cluster, "with.dot", 2, 2).Error);
        Assert.Equal(ErrorCode.InvalidTopicException, Create(cluster, "with_dot", 2, 2).Error);
        Assert.Equal(ErrorCode.InvalidTopicException, Create(cluster, "a/b", 2, 2).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, Create(cluster, "t", 0, 2).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, Create(cluster, "t", 70_000, 3).Error); // would make a znode that the store refuses
        Assert.Equal(ErrorCode.InvalidPartitions, Create(cluster, "t", int.MaxValue, 3).Error);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, Create(cluster, "t", 1, 4).Error);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, Create(cluster, "t", 1, 0).Error);
        Assert.Equal(ErrorCode.InvalidConfig, Create(cluster, "t", 1, 1, config: "bad").Error);
        Assert.Equal(ErrorCode.InvalidRequest, Create(cluster, "t", 1, 1, "0:1").Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Create(cluster, "t", -1, -1, "1:1").Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Create(cluster, "t", -1, -1, "0:1,1").Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Create(cluster, "t", -1, -1, "0:9").Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Create(cluster, "t", -1, -1, "0:1;1:1,2").Error);
        Assert.Equal(new TopicCreation(ErrorCode.None, null, 2, 2), Create(cluster, "t", -1, -1, "0:3,1;1:1,2"));
        Assert.Equal([3, 1], cluster.Ask(z => z.Topic("t"))!.Partitions[0]);
        Assert.Equal(new TopicCreation(ErrorCode.None, null, 4, 3), Create(cluster, "defaults", -1, -1));
        Assert.Equal(ErrorCode.None, Create(cluster, "checked", 1, 1, validateOnly: true).Error);
        Assert.Null(cluster.Ask(z => z.Topic("checked")));
    }

    /// <summary>The store would drop the connection, and the session would try for ever.</summary>
    [Fact]
    public void Options_that_do_not_fit_into_the_store_are_refused_with_their_topic()
    {
        var cluster = Prepared();
        cluster.Ask(z => z.RegisterBroker(new BrokerZnode(1, [new BrokerEndpoint("PLAINTEXT", "b", 1)], 1), TimeSpan.Zero));
        var refused = Create(cluster, "orders", 1, 1, config: "long", value: new string('1', 1_200_000));
        Assert.Equal(ErrorCode.InvalidConfig, refused.Error);
        Assert.Contains("the coordination store takes 1000000 for a topic", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidConfig, Create(cluster, "orders", 40_000, 1, config: "long", value: new string('1', 700_000)).Error); // each alone would fit
        Assert.Equal(ErrorCode.None, Create(cluster, "orders", 1, 1, config: "long", value: new string('1', 900_000)).Error);
        var error = cluster.Ask(async z =>
        {
            try
            {
                await z.SetTopicConfig("orders", Config("long", new string('1', 1_200_000)));
                return CoordinationError.Ok;
            }
            catch (CoordinationException e)
            {
                return e.Error;
            }
        });
        Assert.Equal(CoordinationError.BadArguments, error);
        Assert.Equal(900_000, cluster.Ask(z => z.TopicConfig("orders"))["long"].Length);
    }

    /// <summary>As in Kafka, topics that are created at their first use are spread without regard to racks then.</summary>
    [Fact]
    public void Replicas_are_not_spread_where_only_some_brokers_say_where_they_stand()
    {
        var cluster = Prepared();
        for (var id = 1; id <= 3; id++)
        {
            var broker = new BrokerZnode(id, [new BrokerEndpoint("PLAINTEXT", "b", 1)], 1, id == 2 ? "a" : null);
            cluster.Ask(z => z.RegisterBroker(broker, TimeSpan.Zero));
        }

        var refused = Create(cluster, "t", 2, 2);
        Assert.Equal(ErrorCode.UnknownServerError, refused.Error);
        Assert.Contains("[1, 3]", refused.Message, StringComparison.Ordinal);
        Assert.Null(cluster.Ask(z => z.Topic("t")));
        Assert.Equal(ErrorCode.None, Create(cluster, "t", -1, -1, "0:3,1").Error);
        var node = cluster.Observer.Process!.Node;
        Assert.Equal(ErrorCode.None, cluster.Ask(z => new TopicCreator(node, z, 4, 3, _ => null).CreateAutomatically("used")).Error);
    }

    [Fact]
    public void Changes_of_very_many_ISRs_are_told_in_several_notifications()
    {
        var cluster = Prepared();
        List<TopicPartition> changed = [.. Enumerable.Range(0, 4000).Select(p => new TopicPartition(new string('t', 249), p))];
        Assert.True(Done(cluster, z => z.PropagateIsrChanges(changed)));
        var paths = cluster.Ask(z => z.IsrChanges());
        Assert.Equal(changed, paths.SelectMany(path => cluster.Ask(z => z.IsrChange(path))!));
        Assert.Equal(2, paths.Count);
    }

    private static TopicCreation Create(ControllerCluster cluster, string name, int partitions, short replicas, string assignment = "", string? config = null, bool validateOnly = false, string value = "1")
    {
        var wish = new CreateTopicsRequest.CreatableTopic
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = replicas,
            Assignments = assignment.Length == 0 ? [] : [.. assignment.Split(';').Select(Assignment)],
            Configs = config is null ? [] : [new CreateTopicsRequest.CreatableTopicConfig { Name = config, Value = value }],
        };
        var node = cluster.Observer.Process!.Node;
        return cluster.Ask(z => new TopicCreator(node, z, 4, 3, c => c.ContainsKey("bad") ? "bad is bad." : null).Create(wish, validateOnly));
    }

    private static CreateTopicsRequest.CreatableReplicaAssignment Assignment(string text) => new()
    {
        PartitionIndex = int.Parse(text.Split(':')[0]),
        BrokerIds = [.. text.Split(':')[1].Split(',').Select(int.Parse)],
    };

    private static ControllerCluster Prepared()
    {
        var cluster = new ControllerCluster(0);
        Assert.True(Done(cluster, z => z.EnsurePersistentPaths()));
        return cluster;
    }

    private static bool Done(ControllerCluster cluster, Func<KafkaZnodes, LoopTask> work) => cluster.Ask(async z =>
    {
        await work(z);
        return true;
    });

    private static SortedDictionary<string, string> Config(string name, string value) => new(StringComparer.Ordinal) { [name] = value };
}
