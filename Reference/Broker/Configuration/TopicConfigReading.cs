using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;

namespace Reference.Broker.Configuration;

/// <summary>
/// What a topic's overrides say, read option by option: what one of them says wrongly takes nothing from the others. Where a value that
/// guards records cannot be read, <see cref="Config"/> has the strictest reading of it and deletes nothing.
/// </summary>
public sealed class TopicConfigReading
{
    private TopicConfigReading(TopicConfig config, IReadOnlyList<string> illegal, IReadOnlyList<string> passedOver)
    {
        Config = config;
        Illegal = illegal;
        PassedOver = passedOver;
    }

    /// <summary>What is legal; if something is not, without retention and compaction.</summary>
    public TopicConfig Config { get; }

    /// <summary>What is wrong with values that matter, a sentence each.</summary>
    public IReadOnlyList<string> Illegal { get; }

    /// <summary>Options that do not exist here, or whose value changes nothing here, a sentence each.</summary>
    public IReadOnlyList<string> PassedOver { get; }

    /// <summary>Reads overrides by Kafka's names.</summary>
    public static TopicConfigReading Of(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides)
    {
        List<string> illegal = [], passedOver = [];
        var (legal, strict) = (TopicConfig.DefaultsOf(broker), new List<string>());
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in overrides) sorted.Add(name, value);
        foreach (var (name, value) in sorted)
        {
            try
            {
                legal = TopicOptions.Table.Apply(legal, name, value);
            }
            catch (ConfigException e) when (!TopicOptions.Table.Knows(name) || TopicOptions.IsHarmless(name))
            {
                passedOver.Add(e.Message);
            }
            catch (ConfigException e)
            {
                illegal.Add(e.Message);
                strict.Add(name);
            }
        }

        if (TopicOptions.LagComplaint(legal.Log) is { } complaint) illegal.Add($"The topic option {complaint}");
        foreach (var name in strict) legal = Strictest(legal, name);
        return new TopicConfigReading(illegal.Count == 0 ? legal : DeletingNothing(legal), illegal, passedOver);
    }

    /// <summary>The reading of overrides of which not a word can be read.</summary>
    public static TopicConfigReading Unreadable(BrokerConfig broker, string problem)
    {
        var config = TopicConfig.DefaultsOf(broker);
        foreach (var option in TopicOptions.Table.Options) config = Strictest(config, option.Name);
        return new TopicConfigReading(DeletingNothing(config), [problem], []);
    }

    /// <summary>Nobody knows what an option was to promise: it promises the most.</summary>
    private static TopicConfig Strictest(TopicConfig config, string name) => name switch
    {
        "min.insync.replicas" => config with { MinInsyncReplicas = int.MaxValue },
        TopicOptions.UncleanLeaderElection => config with { UncleanLeaderElection = false },
        "flush.messages" or "flush.ms" => config with { Log = config.Log with { FlushMessages = 1 } },
        _ => config,
    };

    /// <summary>The policy stays: a topic that is compacted goes on demanding keys.</summary>
    private static TopicConfig DeletingNothing(TopicConfig config) => config with
    {
        Log = config.Log with { RetentionMillis = -1, RetentionBytes = -1, MinCompactionLagMillis = long.MaxValue, MaxCompactionLagMillis = long.MaxValue },
    };
}
