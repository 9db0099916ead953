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
    private const string Remedy = "Mend it with kafka-configs --alter --entity-type topics.";

    private readonly Dictionary<string, TopicConfig> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TopicConfig> _good = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Reads the options of all topics, before their logs are loaded.</summary>
    public async LoopTask Load()
    {
        foreach (var topic in await znodes.Topics()) await Read(topic);
    }

    /// <summary>
    /// Reads a topic's options anew. If one of them is illegal, the last options that were legal stay in force; at a start, when none are
    /// known, the topic runs with what is legal, deletes nothing, and promises the most where it is not known what it should: data must
    /// stay reachable, and none be lost by a misprint.
    /// </summary>
    public async LoopTask<TopicConfig> Read(string topic)
    {
        TopicConfigReading reading;
        try
        {
            reading = TopicConfigReading.Of(broker, await znodes.TopicConfig(topic));
        }
        catch (MalformedZnodeException e)
        {
            reading = TopicConfigReading.Unreadable(broker, e.Message);
        }

        Tell(topic, reading);
        if (reading.Illegal.Count == 0) _good[topic] = reading.Config;
        return _known[topic] = _good.GetValueOrDefault(topic, reading.Config);
    }

    /// <summary>Forgets the topics that have no log here, so that what is known does not outgrow what is kept.</summary>
    public void KeepOnly(IEnumerable<string> topics)
    {
        var kept = new HashSet<string>(topics, StringComparer.Ordinal);
        foreach (var topic in new List<string>(_known.Keys))
        {
            if (!kept.Contains(topic)) Forget(topic);
        }
    }

    /// <summary>Forgets a topic whose last log here has been deleted.</summary>
    public void Forget(string topic)
    {
        _known.Remove(topic);
        _good.Remove(topic);
        _told.Remove(topic);
    }

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

    /// <summary>Logs what is wrong, once: the options are read again without having changed.</summary>
    private void Tell(string topic, TopicConfigReading reading)
    {
        var problems = string.Join('\n', [.. reading.Illegal, .. reading.PassedOver]);
        if (_told.GetValueOrDefault(topic, string.Empty) == problems) return;
        _told[topic] = problems;
        foreach (var problem in reading.PassedOver) log.LogWarning("Topic {Topic}: {Problem} It is passed over; the other options hold", topic, problem);
        var effect = _good.ContainsKey(topic)
            ? "The last options that were legal stay in force."
            : $"Until it is mended nothing of the topic is deleted or compacted{(reading.Config.MinInsyncReplicas == int.MaxValue ? ", and acks=all is refused." : ".")}";
        foreach (var problem in reading.Illegal) log.LogError("Topic {Topic}: {Problem} {Effect} {Remedy}", topic, problem, effect, Remedy);
    }
}
