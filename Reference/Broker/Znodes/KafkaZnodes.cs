using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

/// <summary>
/// Kafka's operations on the coordination store. Each survives lost connections: reads are repeated, writes are repeated and,
/// where the fate of an earlier attempt is unknown, compared with what stands there.
/// </summary>
public sealed partial class KafkaZnodes
{
    private readonly Node _node;
    private readonly ZnodeDecisions _decisions;
    private readonly ILogger _log;

    /// <summary>Works over a session.</summary>
    public KafkaZnodes(Node node, CoordinationSession session, ZnodeDecisions? decisions = null)
    {
        _node = node;
        _decisions = decisions ?? ZnodeDecisions.Kafka;
        _log = node.Logs.CreateLogger<KafkaZnodes>();
        Session = session;
    }

    /// <summary>The session, which changes after an expiry.</summary>
    public CoordinationSession Session { get; }

    /// <summary>Makes the paths that every broker expects, all at once: in a new store that costs its disk one sync.</summary>
    public async LoopTask EnsurePersistentPaths()
    {
        IReadOnlyList<string> missing = KafkaPaths.Persistent;
        while (missing.Count > 0)
        {
            var result = await Session.Write([.. missing.Select(path => CoordinationOp.Create(path, []))]);
            if (result.Ok) return;
            if (result.Error == CoordinationError.NoNode) await Session.EnsureRoot();
            else if (result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk("Creating the persistent paths");
            missing = await Missing(KafkaPaths.Persistent);
        }
    }

    private async LoopTask<IReadOnlyList<string>> Missing(IReadOnlyList<string> paths)
    {
        List<LoopTask<ZnodeStat?>> looks = [.. paths.Select(path => Session.Exists(path))];
        var missing = new List<string>();
        for (var i = 0; i < paths.Count; i++)
        {
            if (await looks[i] is null) missing.Add(paths[i]);
        }

        return missing;
    }

    /// <summary>Makes a persistent znode without data, and its parents, unless they exist.</summary>
    public async LoopTask EnsurePath(string path)
    {
        var result = await Session.Write([CoordinationOp.Create(path, [])]);
        if (result.Error == CoordinationError.NoNode)
        {
            await EnsurePath(ZnodePath.ParentOf(path));
            result = await Session.Write([CoordinationOp.Create(path, [])]);
        }

        if (result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk($"Creating {path}");
    }

    /// <summary>The cluster's id; made by whoever asks first.</summary>
    /// <exception cref="MalformedZnodeException">What stands there is none.</exception>
    public async LoopTask<string> ClusterId()
    {
        if (await Session.TryGet(KafkaPaths.ClusterId) is { } existing) return ClusterIdZnode.Decode(existing.Data);
        var bytes = new byte[16];
        _node.Random.Stream("broker.cluster-id").Fill(bytes);
        IReadOnlyList<CoordinationOp> create = [CoordinationOp.Create(KafkaPaths.ClusterId, ClusterIdZnode.Encode(Base64Url.EncodeToString(bytes)))];
        var result = await Session.Write(create);
        if (result.Error == CoordinationError.NoNode)
        {
            await EnsurePath(ZnodePath.ParentOf(KafkaPaths.ClusterId));
            result = await Session.Write(create);
        }

        if (result.Error != CoordinationError.NodeExists) result.ThrowUnlessOk("Creating the cluster id");
        return ClusterIdZnode.Decode((await Session.Get(KafkaPaths.ClusterId)).Data);
    }

    /// <summary>
    /// A broker id that nobody has had: the version of /brokers/seqid plus <paramref name="reservedMaxId"/>. A lost reply may
    /// skip ids, never repeat one.
    /// </summary>
    public async LoopTask<int> GenerateBrokerId(int reservedMaxId)
    {
        var result = await Session.Write([CoordinationOp.SetData(KafkaPaths.BrokerSequence, [])]);
        if (result.Error == CoordinationError.NoNode)
        {
            await EnsurePath(KafkaPaths.BrokerSequence);
            result = await Session.Write([CoordinationOp.SetData(KafkaPaths.BrokerSequence, [])]);
        }

        result.ThrowUnlessOk("Generating a broker id");
        return checked(result.Results[0].Stat!.Value.Version + reservedMaxId);
    }

    /// <summary>Takes the next block of producer ids for a broker, by compare and set.</summary>
    /// <exception cref="MalformedZnodeException">The present block cannot be read.</exception>
    public async LoopTask<ProducerIdBlockZnode> AllocateProducerIds(int brokerId)
    {
        while (true)
        {
            var current = await Session.TryGet(KafkaPaths.ProducerIdBlock);
            if (current is null)
            {
                await EnsurePath(KafkaPaths.ProducerIdBlock);
                continue;
            }

            var next = current.Value.Data.Length == 0
                ? ProducerIdBlockZnode.First(brokerId)
                : ProducerIdBlockZnode.Decode(current.Value.Data).Next(brokerId);
            var result = await Session.Write([CoordinationOp.SetData(KafkaPaths.ProducerIdBlock, next.Encode(), current.Value.Stat.Version)]);
            if (result.Ok) return next;
            if (result.Error != CoordinationError.BadVersion) result.ThrowUnlessOk("Allocating producer ids");

            // Also after a doubtful attempt: a block that may be ours is given up, since blocks are cheap and ids must be unique.
        }
    }

    private static IReadOnlyList<int> ParseIds(IReadOnlyList<string> names)
    {
        var ids = new List<int>(names.Count);
        foreach (var name in names)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id.ToString(CultureInfo.InvariantCulture) == name) ids.Add(id);
        }

        ids.Sort();
        return ids;
    }
}
