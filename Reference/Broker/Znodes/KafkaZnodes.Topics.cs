using System;
using System.Collections.Generic;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

public sealed partial class KafkaZnodes
{
    private const long ConfigChangeLifeMillis = 15 * 60 * 1000;

    /// <summary>All topics in ordinal order; watches for the next change of the set.</summary>
    public async LoopTask<IReadOnlyList<string>> Topics(Action<WatchEvent>? watch = null) =>
        (await Session.TryChildren(KafkaPaths.Topics, watch))?.Names ?? [];

    /// <summary>A topic's assignment, or null; watches for its next change.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<TopicZnode?> Topic(string topic, Action<WatchEvent>? watch = null) =>
        await Session.TryGet(KafkaPaths.Topic(topic), watch) is { } found ? TopicZnode.Decode(topic, found.Data) : null;

    /// <summary>Whether a topic stands in the store, readable or not.</summary>
    public async LoopTask<bool> TopicExists(string topic) => await Session.Exists(KafkaPaths.Topic(topic)) is not null;

    /// <summary>A topic's assignment with the version of its znode, or null.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<(TopicZnode Assignment, int ZkVersion)?> VersionedTopic(string topic) =>
        await Session.TryGet(KafkaPaths.Topic(topic)) is { } found ? (TopicZnode.Decode(topic, found.Data), found.Stat.Version) : null;

    /// <summary>
    /// Creates a topic: configuration and assignment at once. False if it exists already; after a lost reply a topic with just
    /// this assignment counts as the one created here.
    /// </summary>
    public async LoopTask<bool> CreateTopic(string topic, TopicZnode assignment, SortedDictionary<string, string> config)
    {
        var data = assignment.Encode();
        while (true)
        {
            var result = await Session.Write(
            [
                await SetOrCreate(KafkaPaths.TopicConfig(topic), TopicConfigZnode.Encode(config)),
                CoordinationOp.Create(KafkaPaths.Topic(topic), data),
            ]);
            if (result.Ok) return true;
            if (result.FailedOperation == 0 && result.Error is CoordinationError.NodeExists or CoordinationError.NoNode)
            {
                // The configuration came or went between the look and the write, perhaps by our own doubtful attempt.
                if (await Session.TryGet(KafkaPaths.Topic(topic)) is not { } there) continue;
                return result.Doubtful && there.Data.AsSpan().SequenceEqual(data);
            }

            if (result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk($"Creating topic {topic}");
            return result.Doubtful && await Session.TryGet(KafkaPaths.Topic(topic)) is { } existing && existing.Data.AsSpan().SequenceEqual(data);
        }
    }

    /// <summary>The options set on a topic; empty if none are.</summary>
    /// <exception cref="MalformedZnodeException">They cannot be read.</exception>
    public async LoopTask<SortedDictionary<string, string>> TopicConfig(string topic) =>
        await Session.TryGet(KafkaPaths.TopicConfig(topic)) is { Data.Length: > 0 } found
            ? TopicConfigZnode.Decode(topic, found.Data)
            : new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Sets a topic's options and tells the brokers of it.</summary>
    /// <exception cref="CoordinationException">BadArguments: they are longer than the store takes.</exception>
    public LoopTask SetTopicConfig(string topic, SortedDictionary<string, string> config) => SetConfig(KafkaPaths.TopicConfig(topic), config);

    /// <summary>The options set for a broker while it runs: its own before those of all brokers; empty if none are (KIP-226).</summary>
    /// <exception cref="MalformedZnodeException">They cannot be read.</exception>
    public async LoopTask<SortedDictionary<string, string>> BrokerOptions(int brokerId)
    {
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in new[] { KafkaPaths.BrokerDefaults, KafkaPaths.BrokerConfig(brokerId) })
        {
            if (await Session.TryGet(path) is not { Data.Length: > 0 } found) continue;
            foreach (var (name, value) in TopicConfigZnode.DecodeAt(path, found.Data)) options[name] = value;
        }

        return options;
    }

    /// <summary>Sets the options of all brokers, or of one, and tells them of it.</summary>
    public LoopTask SetBrokerOptions(int? brokerId, SortedDictionary<string, string> config) =>
        SetConfig(brokerId is { } id ? KafkaPaths.BrokerConfig(id) : KafkaPaths.BrokerDefaults, config);

    /// <summary>The paths of configuration changes not yet taken away, in their order; watches for the next.</summary>
    public async LoopTask<IReadOnlyList<string>> ConfigChanges(Action<WatchEvent>? watch = null) =>
        await SequentialChildren(KafkaPaths.ConfigChanges, watch);

    /// <summary>The entity whose configuration changed, such as "topics/orders"; null if the notification is gone.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<string?> ConfigChange(string path) =>
        await Session.TryGet(path) is { } found ? ConfigChangeZnode.Decode(path, found.Data) : null;

    /// <summary>Takes away those of the notifications of configuration changes that are older than a quarter of an hour: all brokers have seen them.</summary>
    public async LoopTask ForgetOldConfigChanges(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            if (await Session.Exists(path) is not { } stat) continue;
            if (_node.Clock.WallMillis - stat.Ctime < ConfigChangeLifeMillis) return; // those that follow are younger
            var result = await Session.Write([CoordinationOp.Delete(path)]);
            if (result.Error != CoordinationError.NoNode) result.ThrowUnlessOk("Taking a notification away");
        }
    }

    /// <summary>Asks the controller to delete a topic; asking again changes nothing.</summary>
    public async LoopTask RequestTopicDeletion(string topic)
    {
        var result = await Session.Write([CoordinationOp.Create(KafkaPaths.DeleteTopic(topic), [])]);
        if (result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk($"Marking topic {topic} for deletion");
    }

    /// <summary>Topics that are to be deleted; watches for the next.</summary>
    public async LoopTask<IReadOnlyList<string>> TopicsToDelete(Action<WatchEvent>? watch = null) =>
        (await Session.TryChildren(KafkaPaths.DeleteTopics, watch))?.Names ?? [];

    private async LoopTask SetConfig(string path, SortedDictionary<string, string> config)
    {
        var entity = KafkaPaths.ConfigEntity(path);
        while (true)
        {
            var result = await Session.Write(
            [
                await SetOrCreate(path, TopicConfigZnode.Encode(config)),
                CoordinationOp.Create(KafkaPaths.ConfigChangePrefix, ConfigChangeZnode.Encode(entity), CreateMode.PersistentSequential),
            ]);
            if (result.Ok) return;
            if (result.FailedOperation != 0 || result.Error is not (CoordinationError.NodeExists or CoordinationError.NoNode))
            {
                result.ThrowUnlessOk($"Setting the configuration of {entity}");
            }
        }
    }

    private async LoopTask<CoordinationOp> SetOrCreate(string path, byte[] data) =>
        await Session.Exists(path) is null ? CoordinationOp.Create(path, data) : CoordinationOp.SetData(path, data);

    private async LoopTask<IReadOnlyList<string>> SequentialChildren(string parent, Action<WatchEvent>? watch)
    {
        if (await Session.TryChildren(parent, watch) is not { } children) return [];
        var paths = new List<string>();
        foreach (var name in children.Names) paths.Add(ZnodePath.ChildOf(parent, name));
        return paths;
    }
}
