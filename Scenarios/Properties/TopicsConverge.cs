using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Scenarios.Observation;
using Scenarios.Workload;
using Simulator.Engine.Properties;
using Simulator.Engine.Timelines;

namespace Scenarios.Properties;

/// <summary>
/// L4 for topics that come and go: what an operator was told has been created is there with its leaders, what he was told is being
/// deleted goes for good, from the store and from every living broker's metadata and disk; all agree on the rest.
/// </summary>
public sealed class TopicsConverge(ClusterObservation cluster, ClientHistory history) : Validation
{
    private const char PartitionMark = '-';

    /// <inheritdoc/>
    public override string Name => "L4-TopicsConverge";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        if (cluster.Deletions.Count > 0) return $"{string.Join(", ", cluster.Deletions)} still wait to be deleted";
        return FindBrokenPromise() ?? cluster.Brokers.Where(b => !b.IsFallen).Select(FindDisagreement).FirstOrDefault(v => v is not null);
    }

    private string? FindBrokenPromise()
    {
        foreach (var chores in history.Chores.Where(c => c.Chore.Topic.Length > 0).GroupBy(c => c.Chore.Topic))
        {
            var exists = cluster.Topics.Contains(chores.Key);
            var created = chores.FirstOrDefault(c => c.Chore.Kind == ChoreKind.CreateTopic && c.Outcome == OperationOutcome.Ok);
            var deletions = chores.Where(c => c.Chore.Kind == ChoreKind.DeleteTopic && c.Outcome != OperationOutcome.Fail).ToList();
            var mayComeLate = chores.Any(c => c.Chore.Kind == ChoreKind.CreateTopic && c.Outcome == OperationOutcome.Info); // a request on its way takes effect when it likes
            if (exists && !mayComeLate && deletions.Any(d => d.Outcome == OperationOutcome.Ok)) return $"{chores.Key} was deleted, but is there";
            if (created is null || deletions.Count > 0) continue;
            if (!exists) return $"{chores.Key} was created, but is not there";
            if (FindLeaderless(chores.Key, PromisedPartitions(chores)) is { } leaderless) return leaderless;
        }

        return null;
    }

    private static int PromisedPartitions(IEnumerable<ChoreOperation> chores) =>
        chores.Where(c => c.Chore.Kind is ChoreKind.CreateTopic or ChoreKind.AddPartitions && c.Outcome == OperationOutcome.Ok).Max(c => c.Chore.Partitions);

    private string? FindLeaderless(string topic, int partitions)
    {
        foreach (var broker in cluster.Brokers.Where(b => !b.IsFallen))
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                if (broker.KnownLeader(topic, partition) is not { Leader: >= 0 }) return $"broker {broker.Id} knows no leader of {topic}-{partition}";
            }
        }

        return null;
    }

    private string? FindDisagreement(IObservedBroker broker)
    {
        if (broker.KnownTopics is not { } known) return $"broker {broker.Id} does not run";
        if (Difference(known, cluster.Topics) is { } difference) return $"broker {broker.Id} and the store disagree on {difference}";
        foreach (var directory in broker.LogDirectories.SelectMany(d => broker.Machine.Disk.PeekNames(d)))
        {
            if (TopicOf(directory) is { } topic && !cluster.Topics.Contains(topic)) return $"broker {broker.Id} still keeps {directory}, whose topic is gone";
        }

        return null;
    }

    private static string? Difference(IReadOnlyCollection<string> some, IReadOnlyCollection<string> others) =>
        some.Except(others).Concat(others.Except(some)).Order(StringComparer.Ordinal).FirstOrDefault();

    // A directory that waits for its deletion has another ending and is none of a partition.
    private static string? TopicOf(string directory)
    {
        var mark = directory.LastIndexOf(PartitionMark);
        return mark > 0 && directory.AsSpan(mark + 1) is { Length: > 0 } number && number.IndexOfAnyExceptInRange('0', '9') < 0 ? directory[..mark] : null;
    }
}
