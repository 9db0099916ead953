using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Scenarios.Observation;

/// <summary>Which replicas the coordination store gives a partition: a part of /brokers/topics/T, decoded here apart from the broker's own code.</summary>
/// <param name="Replicas">Broker ids, those that come and go among them.</param>
/// <param name="Adding">Those that a move adds.</param>
/// <param name="Removing">Those that it takes away.</param>
public sealed record AssignmentState(IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing)
{
    /// <summary>True while the partition moves.</summary>
    public bool IsMoving => Adding.Count > 0 || Removing.Count > 0;

    /// <summary>The replicas before the move.</summary>
    public IReadOnlyList<int> Origin => [.. Replicas.Where(r => !Adding.Contains(r))];

    /// <summary>The replicas after the move.</summary>
    public IReadOnlyList<int> Target => [.. Replicas.Where(r => !Removing.Contains(r))];

    /// <inheritdoc/>
    public override string ToString() => IsMoving ? $"[{Text(Replicas)}] adding [{Text(Adding)}] removing [{Text(Removing)}]" : $"[{Text(Replicas)}]";

    private static string Text(IReadOnlyList<int> ids) => string.Join(",", ids.Select(i => i.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>The assignments of a topic's partitions.</summary>
/// <param name="Version">Version of the topic's znode.</param>
/// <param name="Partitions">By partition.</param>
public sealed record TopicAssignment(int Version, IReadOnlyDictionary<int, AssignmentState> Partitions)
{
    /// <summary>Decodes the znode's JSON.</summary>
    public static TopicAssignment Parse(byte[] json, int version)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var partitions = new SortedDictionary<int, AssignmentState>();
        if (!root.TryGetProperty("partitions", out var all)) return new TopicAssignment(version, partitions);
        foreach (var partition in all.EnumerateObject())
        {
            partitions[int.Parse(partition.Name, CultureInfo.InvariantCulture)] =
                new AssignmentState(Ids(partition.Value), IdsOf(root, "adding_replicas", partition.Name), IdsOf(root, "removing_replicas", partition.Name));
        }

        return new TopicAssignment(version, partitions);
    }

    private static IReadOnlyList<int> IdsOf(JsonElement root, string field, string partition) =>
        root.TryGetProperty(field, out var byPartition) && byPartition.TryGetProperty(partition, out var ids) ? Ids(ids) : [];

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(e => e.GetInt32())];
}
