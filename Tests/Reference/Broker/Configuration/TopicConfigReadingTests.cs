using System.Collections.Generic;
using Reference.Broker.Configuration;
using Reference.Broker.Storage;
using Reference.Rpc.Configuration;
using Xunit;

namespace Tests.Reference.Broker.Configuration;

/// <summary>What is wrong in one option of a topic takes nothing from the others.</summary>
public class TopicConfigReadingTests
{
    private static readonly BrokerConfig s_broker = new() { UncleanLeaderElection = true };

    [Fact]
    public void What_Kafkas_tools_set_and_is_not_served_here_leaves_the_rest_in_force()
    {
        var reading = Read(
            ("cleanup.policy", "compact"),
            ("retention.ms", "-1"),
            ("min.insync.replicas", "2"),
            ("compression.type", "lz4"),
            ("message.format.version", "0.10.2-IV0"),
            ("follower.fetch.colour", "blue"));
        Assert.Empty(reading.Illegal);
        Assert.Equal((true, false, -1L, 2), (reading.Config.Log.IsCompacted, reading.Config.Log.IsDeleted, reading.Config.Log.RetentionMillis, reading.Config.MinInsyncReplicas));
        Assert.Equal(
            [
                "The topic option compression.type has the value 'lz4', but expected is producer, since batches stay as producers compress them.",
                "There is no topic option follower.fetch.colour.",
                "The topic option message.format.version has the value '0.10.2-IV0', but expected is a version of Kafka from 0.11.0 on, since batches are stored in its format.",
            ],
            reading.PassedOver);
    }

    [Theory]
    [InlineData("compression.type", "producer")]
    [InlineData("message.format.version", "0.11.0")]
    [InlineData("message.format.version", "0.11.0-IV2")]
    [InlineData("message.format.version", "2.5")]
    [InlineData("message.format.version", "2.5-IV0")]
    [InlineData("message.downconversion.enable", "true")]
    public void What_is_served_as_it_is_is_accepted(string name, string value)
    {
        var reading = Read((name, value));
        Assert.Empty(reading.PassedOver);
        Assert.Empty(reading.Illegal);
        Assert.Equal(TopicConfig.DefaultsOf(s_broker), TopicConfig.Parse(s_broker, new Dictionary<string, string> { [name] = value }));
    }

    [Theory]
    [InlineData("compression.type", "zstd")]
    [InlineData("message.format.version", "2")]
    [InlineData("message.format.version", "2.5-IVx")]
    [InlineData("message.format.version", "0.9.0.1")]
    public void Who_creates_a_topic_is_told_what_would_not_be_served(string name, string value) =>
        Assert.Equal(name, Assert.Throws<ConfigException>(() => TopicConfig.Parse(s_broker, new Dictionary<string, string> { [name] = value })).Option);

    [Fact]
    public void Where_a_value_is_illegal_nothing_is_deleted_and_the_most_is_promised()
    {
        var reading = Read(("cleanup.policy", "compact,delete"), ("retention.bytes", "7"), ("min.insync.replicas", "two"), ("unclean.leader.election.enable", "maybe"), ("flush.ms", "often"), ("segment.bytes", "1000"));
        Assert.Equal(3, reading.Illegal.Count);
        Assert.Contains("The topic option min.insync.replicas has the value 'two', but expected is a whole number from 1 to 2147483647.", reading.Illegal);
        var config = reading.Config;
        Assert.Equal((int.MaxValue, false, 1L, 1000), (config.MinInsyncReplicas, config.UncleanLeaderElection, config.Log.FlushMessages, config.Log.SegmentBytes));
        DeletesNothing(config.Log);
        Assert.True(config.Log.IsCompacted); // keys are demanded as before
    }

    [Fact]
    public void Options_that_contradict_each_other_are_illegal()
    {
        var reading = Read(("min.compaction.lag.ms", "10"), ("max.compaction.lag.ms", "5"), ("min.insync.replicas", "2"));
        Assert.Equal("The topic option max.compaction.lag.ms has the value '5', but expected is at least min.compaction.lag.ms (10).", Assert.Single(reading.Illegal));
        Assert.Equal(2, reading.Config.MinInsyncReplicas);
        DeletesNothing(reading.Config.Log);
    }

    [Fact]
    public void Where_nothing_can_be_read_nothing_is_deleted_and_the_most_is_promised()
    {
        var reading = TopicConfigReading.Unreadable(s_broker, "no JSON.");
        Assert.Equal(["no JSON."], reading.Illegal);
        Assert.Equal((int.MaxValue, false), (reading.Config.MinInsyncReplicas, reading.Config.UncleanLeaderElection));
        DeletesNothing(reading.Config.Log);
    }

    private static void DeletesNothing(LogConfig log) =>
        Assert.Equal((-1L, -1L, long.MaxValue, long.MaxValue), (log.RetentionMillis, log.RetentionBytes, log.MinCompactionLagMillis, log.MaxCompactionLagMillis));

    private static TopicConfigReading Read(params (string Name, string Value)[] overrides)
    {
        var options = new Dictionary<string, string>();
        foreach (var (name, value) in overrides) options.Add(name, value);
        return TopicConfigReading.Of(s_broker, options);
    }
}
