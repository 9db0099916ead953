using System.Collections.Generic;
using Reference.Broker.Configuration;
using Reference.Broker.Storage;
using Reference.Rpc.Configuration;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Configuration;

public class BrokerConfigTests
{
    [Fact]
    public void Every_default_in_the_table_is_accepted_and_is_the_default()
    {
        foreach (var option in BrokerOptions.Table.Options)
        {
            if (option.DefaultText.Length == 0) continue;
            var config = BrokerOptions.Table.Apply(new BrokerConfig(), option.Name, option.DefaultText);
            Assert.True(config == new BrokerConfig(), $"{option.Name} has another default than its table says.");
        }

        foreach (var option in TopicOptions.Table.Options)
        {
            var defaults = TopicConfig.DefaultsOf(new BrokerConfig());
            Assert.True(TopicOptions.Table.Apply(defaults, option.Name, option.DefaultText) == defaults, $"{option.Name} has another default than its table says.");
        }
    }

    [Fact]
    public void Values_are_read_by_Kafkas_names()
    {
        var config = BrokerConfig.Parse(new Dictionary<string, string>
        {
            ["broker.id"] = "3",
            ["listeners"] = "PLAINTEXT://[::1]:9094",
            ["zookeeper.connect"] = "a:1,b:2/kafka",
            ["log.segment.bytes"] = "1000",
            ["auto.create.topics.enable"] = "false",
        });
        Assert.Equal((3, new Endpoint("::1", 9094), "a:1,b:2/kafka"), (config.BrokerId, config.Listener, config.ZookeeperConnect));
        Assert.Equal((1000, false), (config.Log.SegmentBytes, config.AutoCreateTopics));
    }

    [Theory]
    [InlineData("broker.di", "1", "There is no broker option broker.di; did you mean broker.id?")]
    [InlineData("zzzzzzzzzzzzzzzzzz", "1", "There is no broker option zzzzzzzzzzzzzzzzzz.")]
    [InlineData("num.partitions", "0", "The broker option num.partitions has the value '0', but expected is a whole number from 1 to 100000.")]
    [InlineData("delete.topic.enable", "yes", "The broker option delete.topic.enable has the value 'yes', but expected is true or false.")]
    [InlineData("log.dirs", "/a,,/b", "The broker option log.dirs has the value '/a,,/b', but expected is the paths of directories, separated by commas and each named once.")]
    [InlineData("log.dirs", "/a,/b,/a/", "The broker option log.dirs has the value '/a,/b,/a/', but expected is the paths of directories, separated by commas and each named once.")]
    [InlineData("listeners", "SSL://:9093", "The broker option listeners has the value 'SSL://:9093', but expected is one listener PLAINTEXT://HOST:PORT.")]
    public void Wrong_options_are_refused_in_one_sentence(string name, string value, string sentence)
    {
        var refused = Assert.Throws<ConfigException>(() => BrokerConfig.Parse(new Dictionary<string, string> { [name] = value }));
        Assert.Equal((name, sentence), (refused.Option, refused.Message));
    }

    [Fact]
    public void Log_dirs_names_several_directories_and_log_dir_the_one_for_want_of_it()
    {
        Assert.Equal(["/tmp/kafka-logs"], BrokerConfig.Parse(new Dictionary<string, string>()).AllLogDirs);
        Assert.Equal(["/a"], BrokerConfig.Parse(new Dictionary<string, string> { ["log.dir"] = "/a/" }).AllLogDirs);
        Assert.Equal(["/b", "/c"], BrokerConfig.Parse(new Dictionary<string, string> { ["log.dir"] = "/a", ["log.dirs"] = "/b/, /c" }).AllLogDirs);
    }

    [Fact]
    public void Of_one_time_in_several_units_the_finest_wins_and_flushes_follow_the_scheduler()
    {
        var config = BrokerConfig.Parse(new Dictionary<string, string>
        {
            ["log.retention.hours"] = "1",
            ["log.retention.minutes"] = "5",
            ["log.roll.hours"] = "2",
            ["log.roll.jitter.hours"] = "1",
            ["log.roll.jitter.ms"] = "7",
            ["log.flush.scheduler.interval.ms"] = "2000",
        });
        Assert.Equal((300_000, 7_200_000, 7, 2000), (config.Log.RetentionMillis, config.Log.SegmentMillis, config.Log.SegmentJitterMillis, config.Log.FlushMillis));
        Assert.Equal(-1, BrokerConfig.Parse(new Dictionary<string, string> { ["log.retention.hours"] = "-1" }).Log.RetentionMillis);
    }

    [Fact]
    public void Topics_override_the_brokers_options()
    {
        var broker = new BrokerConfig { MinInsyncReplicas = 2 };
        Assert.Equal(2, TopicConfig.DefaultsOf(broker).MinInsyncReplicas);
        var topic = TopicConfig.Parse(broker, new Dictionary<string, string> { ["min.insync.replicas"] = "3", ["retention.ms"] = "-1" });
        Assert.Equal((3, -1L), (topic.MinInsyncReplicas, topic.Log.RetentionMillis));
        Assert.True(TopicConfig.Parse(broker, new Dictionary<string, string> { ["cleanup.policy"] = "delete, compact" }).Log is { IsCompacted: true, IsDeleted: true });
    }

    [Theory]
    [InlineData("cleanup.policy", "compress", "The topic option cleanup.policy has the value 'compress', but expected is delete, compact, or both separated by a comma.")]
    [InlineData("min.cleanable.dirty.ratio", "1.5", "The topic option min.cleanable.dirty.ratio has the value '1.5', but expected is a number from 0 to 1.")]
    [InlineData("max.compaction.lag.ms", "5", "The topic option max.compaction.lag.ms has the value '5', but expected is at least min.compaction.lag.ms (10).")]
    public void Wrong_topic_options_are_refused_in_one_sentence(string name, string value, string sentence)
    {
        var broker = new BrokerConfig { Log = LogConfig.Default with { MinCompactionLagMillis = 10 } };
        var refused = Assert.Throws<ConfigException>(() => TopicConfig.Parse(broker, new Dictionary<string, string> { [name] = value }));
        Assert.Equal((name, sentence), (refused.Option, refused.Message));
    }
}
