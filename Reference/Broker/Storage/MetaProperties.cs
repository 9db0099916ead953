using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>To which broker and cluster a log directory belongs: <c>meta.properties</c>, in the format of Java properties.</summary>
/// <param name="BrokerId">The broker's id; null if none was stored.</param>
/// <param name="ClusterId">The cluster's id; null if none was stored.</param>
public sealed record MetaProperties(int? BrokerId, string? ClusterId)
{
    private const string Remedy = "Restore the file, or use another log directory; expected are the lines version=0, broker.id=N and cluster.id=ID.";

    /// <summary>Reads the file of a log directory; null if there is none.</summary>
    /// <exception cref="CorruptCheckpointException">The file is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask<MetaProperties?> Read(IDisk disk, string logDirectory)
    {
        var path = $"{logDirectory}/{LogFiles.MetaProperties}";
        try
        {
            return Parse(path, Encoding.UTF8.GetString(await disk.ReadAllBytes(path)));
        }
        catch (DiskException e) when (e.Error == DiskError.NotFound)
        {
            return null;
        }
    }

    /// <summary>Writes the file durably.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public LoopTask Write(IDisk disk, string logDirectory)
    {
        var text = new StringBuilder("version=0\n");
        if (BrokerId is { } id) text.Append(CultureInfo.InvariantCulture, $"broker.id={id}\n");
        if (ClusterId is not null) text.Append(CultureInfo.InvariantCulture, $"cluster.id={ClusterId}\n");
        return disk.WriteAtomically($"{logDirectory}/{LogFiles.MetaProperties}", Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Checks that a directory belongs to this broker of this cluster.</summary>
    /// <exception cref="InconsistentBrokerIdException">It belongs to another broker.</exception>
    /// <exception cref="InconsistentClusterIdException">It belongs to another cluster.</exception>
    public void Verify(string logDirectory, int brokerId, string clusterId)
    {
        if (BrokerId is { } stored && stored != brokerId)
            throw new InconsistentBrokerIdException($"The log directory {logDirectory} belongs to broker {stored}, but this is broker {brokerId}: use its own directory, or correct broker.id.");
        if (ClusterId is not null && ClusterId != clusterId)
            throw new InconsistentClusterIdException($"The log directory {logDirectory} belongs to cluster {ClusterId}, but this broker is in cluster {clusterId}: use its own directory, or connect to its cluster.");
    }

    /// <summary>The broker id that all log directories agree on; null if none has one.</summary>
    /// <exception cref="InconsistentBrokerMetadataException">They name several.</exception>
    public static int? AgreedBrokerId(IReadOnlyDictionary<string, MetaProperties?> byDirectory)
    {
        (string Path, int Id)? first = null;
        foreach (var (path, meta) in byDirectory)
        {
            if (meta?.BrokerId is not { } id) continue;
            first ??= (path, id);
            if (first.Value.Id != id)
                throw new InconsistentBrokerMetadataException($"The log directory {first.Value.Path} belongs to broker {first.Value.Id}, but {path} to broker {id}: list in log.dirs the directories of one broker only.");
        }

        return first?.Id;
    }

    private static MetaProperties Parse(string path, string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '#' or '!') continue;
            var equals = line.IndexOf('=');
            if (equals < 0) throw new CorruptCheckpointException(path, i + 1, $"'{line}' is not key=value.", Remedy);
            values[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }

        if (values.GetValueOrDefault("version") != "0") throw new CorruptCheckpointException(path, 1, $"the version '{values.GetValueOrDefault("version")}' is not 0.", Remedy);
        if (!values.TryGetValue("broker.id", out var id)) return new MetaProperties(null, values.GetValueOrDefault("cluster.id"));
        return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var brokerId)
            ? new MetaProperties(brokerId, values.GetValueOrDefault("cluster.id"))
            : throw new CorruptCheckpointException(path, 1, $"broker.id '{id}' is not a number.", Remedy);
    }
}
