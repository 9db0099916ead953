using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Znodes;
using Xunit;

namespace Tests.Reference.Broker.Znodes;

/// <summary>The exact text that Kafka 2.5 writes, and what is read of other versions.</summary>
public sealed class ZnodeJsonTests
{
    private static readonly TopicPartition s_partition = new("orders", 3);

    [Fact]
    public void The_controller_is_written_as_Kafka_writes_it() =>
        Golden("""{"version":1,"brokerid":2,"timestamp":"1584000000000"}""", new ControllerZnode(2, 1584000000000).Encode());

    [Fact]
    public void The_controller_epoch_is_plain_text() => Golden("17", ControllerEpochZnode.Encode(17));

    [Fact]
    public void The_cluster_id_is_written_as_Kafka_writes_it() =>
        Golden("""{"version":"1","id":"AAECAwQFBgcICQoLDA0ODw"}""", ClusterIdZnode.Encode("AAECAwQFBgcICQoLDA0ODw"));

    [Fact]
    public void A_broker_is_written_as_Kafka_writes_it() => Golden(
        """{"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT","TLS":"SSL"},"endpoints":["PLAINTEXT://b1:9092","TLS://[::1]:9093"],"rack":"r1","jmx_port":-1,"host":"b1","timestamp":"1584000000000","port":9092,"version":4}""",
        new BrokerZnode(1, [new BrokerEndpoint("PLAINTEXT", "b1", 9092), new BrokerEndpoint("TLS", "::1", 9093, "SSL")], 1584000000000, "r1").Encode());

    [Fact]
    public void A_topic_is_written_as_Kafka_writes_it() => Golden(
        """{"version":2,"partitions":{"0":[1,2],"1":[2,3],"10":[3]},"adding_replicas":{"0":[3]},"removing_replicas":{}}""",
        new TopicZnode(new() { [10] = [3], [1] = [2, 3], [0] = [1, 2] }) { AddingReplicas = new() { [0] = [3] } }.Encode());

    [Fact]
    public void A_partition_state_is_written_as_Kafka_writes_it() =>
        Golden("""{"controller_epoch":5,"leader":1,"version":1,"leader_epoch":7,"isr":[1,2]}""", new PartitionStateZnode(1, 7, [1, 2], 5).Encode());

    [Fact]
    public void The_broker_epochs_of_an_ISR_follow_what_Kafka_writes()
    {
        var state = new PartitionStateZnode(1, 7, [2, 1, 3], 5, 4) { IsrEpochs = new SortedDictionary<int, long> { [1] = 20, [2] = 21, [9] = 22 } };
        Golden("""{"controller_epoch":5,"leader":1,"version":1,"leader_epoch":7,"isr":[2,1,3],"isr_epochs":{"2":21,"1":20}}""", state.Encode());
        var read = PartitionStateZnode.Decode(s_partition, state.Encode(), 4);
        Assert.Equal(state, read);
        Assert.Equal([21, 20, -1], read.Isr.Select(read.EpochOf));
        Assert.NotEqual(state, read with { IsrEpochs = new SortedDictionary<int, long> { [1] = 20, [2] = 23 } });
    }

    /// <summary>The field is our own and only a hint: the state counts without it.</summary>
    [Theory]
    [InlineData("null", -1, -1)]
    [InlineData("[20,21]", -1, -1)]
    [InlineData("\"20\"", -1, -1)]
    [InlineData("7", -1, -1)]
    [InlineData("{\"one\":20,\"-1\":19,\"2\":21}", -1, 21)]
    [InlineData("{\"1\":\"20\",\"2\":21}", -1, 21)]
    [InlineData("{\"1\":null,\"2\":2.5}", -1, -1)]
    [InlineData("{\"1\":99999999999999999999,\"99999999999\":3,\"2\":21}", -1, 21)]
    public void Broker_epochs_of_an_ISR_that_cannot_be_read_are_unknown(string epochs, long ofOne, long ofTwo)
    {
        var json = $$"""{"controller_epoch":5,"leader":1,"version":1,"leader_epoch":7,"isr":[1,2],"isr_epochs":{{epochs}}}""";
        var read = PartitionStateZnode.Decode(s_partition, Encoding.UTF8.GetBytes(json), 4);
        Assert.Equal((1, 7), (read.Leader, read.LeaderEpoch));
        Assert.Equal([ofOne, ofTwo], read.Isr.Select(read.EpochOf));
    }

    [Fact]
    public void A_topic_configuration_is_written_as_Kafka_writes_it() => Golden(
        """{"version":1,"config":{"min.insync.replicas":"2","retention.ms":"-1"}}""",
        TopicConfigZnode.Encode(new(StringComparer.Ordinal) { ["retention.ms"] = "-1", ["min.insync.replicas"] = "2" }));

    [Fact]
    public void A_configuration_change_is_written_as_Kafka_writes_it() =>
        Golden("""{"version":2,"entity_path":"topics/orders"}""", ConfigChangeZnode.Encode("topics/orders"));

    /// <summary>Kafka 2.5 still reads version 1, of the tools of Kafka 0.9.</summary>
    [Theory]
    [InlineData("""{"version":1,"entity_type":"topics","entity_name":"orders"}""", "topics/orders")]
    [InlineData("""{"version":1,"entity_type":"brokers","entity_name":"<default>"}""", "brokers/<default>")]
    [InlineData("""{"version":2,"entity_path":"topics/orders","entity_name":"other"}""", "topics/orders")]
    [InlineData("""{"version":1,"entity_path":"topics/orders"}""", null)]
    [InlineData("""{"version":2,"entity_type":"topics","entity_name":"orders"}""", null)]
    [InlineData("""{"entity_path":"topics/orders"}""", null)]
    public void A_configuration_change_is_read_in_both_versions(string text, string? entity)
    {
        if (entity is null) Assert.Throws<MalformedZnodeException>(() => ConfigChangeZnode.Decode("/x", Bytes(text)));
        else Assert.Equal(entity, ConfigChangeZnode.Decode("/x", Bytes(text)));
    }

    [Fact]
    public void An_ISR_notification_is_written_as_Kafka_writes_it() => Golden(
        """{"version":1,"partitions":[{"topic":"orders","partition":3},{"topic":"a","partition":0}]}""",
        PartitionListZnode.Encode([s_partition, new TopicPartition("a", 0)]));

    [Fact]
    public void A_block_of_producer_ids_is_written_as_Kafka_writes_it() => Golden(
        """{"version":1,"broker":1,"block_start":"1000","block_end":"1999"}""",
        ProducerIdBlockZnode.First(0).Next(1).Encode());

    [Fact]
    public void What_is_written_is_read()
    {
        var broker = new BrokerZnode(1, [new BrokerEndpoint("TLS", "::1", 9093, "SSL")], 12, "r1", 99);
        var read = BrokerZnode.Decode(1, broker.Encode());
        Assert.Equal((broker.Endpoints[0], 12L, "r1", 99), (read.Endpoints[0], read.TimestampMillis, read.Rack, read.JmxPort));
        var state = new PartitionStateZnode(-1, 7, [1, 2], 5, 4);
        Assert.Equal(state, PartitionStateZnode.Decode(s_partition, state.Encode(), 4));
        Assert.Equal([s_partition], PartitionListZnode.Decode("/x", PartitionListZnode.Encode([s_partition])));
        Assert.Equal(new ProducerIdBlockZnode(1, 1000, 1999), ProducerIdBlockZnode.Decode(ProducerIdBlockZnode.First(0).Next(1).Encode()));
        Assert.Equal(new ControllerZnode(1, 5), ControllerZnode.Decode(new ControllerZnode(1, 5).Encode()));
        Assert.Equal("topics/a", ConfigChangeZnode.Decode("/x", ConfigChangeZnode.Encode("topics/a")));
        Assert.Equal("id", ClusterIdZnode.Decode(ClusterIdZnode.Encode("id")));
        Assert.Equal(3, ControllerEpochZnode.Decode(ControllerEpochZnode.Encode(3)));
    }

    [Fact]
    public void Unknown_fields_and_old_versions_are_read()
    {
        var topic = TopicZnode.Decode("orders", Bytes("""{"version":1,"partitions":{"1":[2],"0":[1]},"confluent":true}"""));
        Assert.Equal([0, 1], topic.Partitions.Keys);
        Assert.Empty(topic.AddingReplicas);
        var old = BrokerZnode.Decode(4, Bytes("""{"jmx_port":-1,"timestamp":"1","host":"b4","version":1,"port":9094}"""));
        Assert.Equal(new BrokerEndpoint("PLAINTEXT", "b4", 9094), Assert.Single(old.Endpoints));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"leader":"one","leader_epoch":1,"isr":[],"controller_epoch":1}""")]
    [InlineData("""{"leader":1,"leader_epoch":1,"isr":[null],"controller_epoch":1}""")]
    [InlineData("""{"leader":99999999999,"leader_epoch":1,"isr":[],"controller_epoch":1}""")]
    public void Malformed_data_name_their_znode(string text)
    {
        var error = Assert.Throws<MalformedZnodeException>(() => PartitionStateZnode.Decode(s_partition, Bytes(text), 0));
        Assert.Equal("/brokers/topics/orders/partitions/3/state", error.Path);
        Assert.Contains(error.Path, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The registration would have to be told to every broker and client, and a string of the protocol is not that long.</summary>
    [Fact]
    public void Names_that_are_too_long_to_be_told_are_refused()
    {
        var name = new string('x', 40_000);
        foreach (var fields in (string[])[$$"""  "endpoints":["PLAINTEXT://{{name}}:9092"] """, $$""" "endpoints":["{{name}}://b:9092"] """, $$""" "endpoints":[],"rack":"{{name}}" """, $$""" "host":"{{name}}","port":9092 """])
        {
            var refused = Assert.Throws<MalformedZnodeException>(() => BrokerZnode.Decode(1, Bytes("{" + fields + ",\"version\":4}")));
            Assert.Contains("characters, more than 1000", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("PLAINTEXT:/b1:9092")]
    [InlineData("PLAINTEXT://b1")]
    [InlineData("PLAINTEXT://b1:port")]
    [InlineData("PLAINTEXT://b1:99092")]
    public void Malformed_endpoints_are_refused(string endpoint) =>
        Assert.Throws<MalformedZnodeException>(() => BrokerZnode.Decode(1, Bytes($$"""{"endpoints":["{{endpoint}}"],"version":4}""")));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("12 ")]
    public void A_controller_epoch_that_is_no_number_is_refused(string text) =>
        Assert.Throws<MalformedZnodeException>(() => ControllerEpochZnode.Decode(Bytes(text)));

    [Theory]
    [InlineData(7, 7, 0, EphemeralOwner.Own)]
    [InlineData(6, 7, 6, EphemeralOwner.OwnPast)]
    [InlineData(5, 7, 6, EphemeralOwner.Foreign)]
    [InlineData(0, 7, 0, EphemeralOwner.Foreign)]
    public void NodeExists_is_judged_by_the_owner(long owner, long session, long past, EphemeralOwner expected) =>
        Assert.Equal(expected, EphemeralOwnership.Of(owner, session, past));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static void Golden(string expected, IReadOnlyCollection<byte> actual) => Assert.Equal(expected, Encoding.UTF8.GetString([.. actual]));
}
