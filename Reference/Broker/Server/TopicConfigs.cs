using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Rpc.Configuration;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>What governs each topic: the broker's defaults with what /config/topics overrides.</summary>
internal sealed class TopicConfigs(BrokerConfig broker, KafkaZnodes znodes, ILogger log)
{
    private readonly Dictionary<string, TopicConfig> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the options of all topics, before their logs are loaded.</summary>
    public async LoopTask Load()
    {
        foreach (var topic in await znodes.Topics()) await Read(topic);
    }

    /// <summary>Reads a topic's options anew. Options that cannot be understood are logged and left out: data must stay reachable.</summary>
    public async LoopTask<TopicConfig> Read(string topic)
    {
        TopicConfig config;
        try
        {
            config = TopicConfig.Parse(broker, await znodes.TopicConfig(topic));
        }
        catch (Exception e) when (e is ConfigException or MalformedZnodeException)
        {
            log.LogError("The options of topic {Topic} are ignored: {Reason}", topic, e.Message);
            config = TopicConfig.DefaultsOf(broker);
        }

        _known[topic] = config;
        return config;
    }

    /// <summary>Forgets the topics that have no log here, so that what is known does not outgrow what is kept.</summary>
    public void KeepOnly(IEnumerable<string> topics)
    {
        var kept = new HashSet<string>(topics, StringComparer.Ordinal);
        foreach (var topic in new List<string>(_known.Keys))
        {
            if (!kept.Contains(topic)) _known.Remove(topic);
        }
    }

    /// <summary>Forgets a topic whose last log here has been deleted.</summary>
    public void Forget(string topic) => _known.Remove(topic);

    /// <summary>The log options as last read; the broker's defaults for topics not read yet.</summary>
    public LogConfig LogConfigOf(string topic) => _known.TryGetValue(topic, out var config) ? config.Log : broker.Log;

    /// <summary>What is wrong with a topic's options as one sentence, or null.</summary>
    public string? Problem(IReadOnlyDictionary<string, string> overrides)
    {
        try
        {
            TopicConfig.Parse(broker, overrides);
            return null;
        }
        catch (ConfigException e)
        {
            return e.Message;
        }
    }
}
