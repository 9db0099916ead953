using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>Anomaly lost-write: a value acknowledged with acks=all below the highest offset read that no one ever read. Sends with fewer acks promise nothing, nor do records that retention or compaction may take away.</summary>
public sealed class LostWrite(ClientHistory history, LawfulHoles? holes = null) : Validation
{
    /// <inheritdoc/>
    public override string Name => "lost-write";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var read = new HashSet<string>(history.News.Select(r => r.Value), StringComparer.Ordinal);
        var highest = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var operation in history.News) highest[operation.Partition] = Math.Max(operation.Offset, highest.GetValueOrDefault(operation.Partition, -1));
        var lost = history.Sends.FirstOrDefault(s => s.IsPromised && s.Offset < highest.GetValueOrDefault(s.Partition, -1) && !read.Contains(s.Value) && holes?.Has(s.Partition, s.Offset) != true);
        return lost is null ? null : $"'{lost.Value}' was acknowledged at {lost.Partition} offset {lost.Offset}, later offsets were read, but nobody ever read it";
    }
}
