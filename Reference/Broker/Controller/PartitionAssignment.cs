using System.Collections.Generic;
using System.Linq;

namespace Reference.Broker.Controller;

/// <summary>
/// The replicas of a partition, and how far a reassignment has got with them (KIP-455): while it is under way the partition has both
/// its old and its new replicas, the new ones first.
/// </summary>
/// <param name="Replicas">Broker ids of all replicas, preferred leader first.</param>
/// <param name="Adding">Those that a reassignment adds.</param>
/// <param name="Removing">Those that it removes once the others are in sync.</param>
public sealed record PartitionAssignment(IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing)
{
    /// <summary>Nobody has the partition.</summary>
    public static PartitionAssignment None { get; } = Of([]);

    /// <summary>The replicas before the reassignment.</summary>
    public IReadOnlyList<int> Origin => [.. Replicas.Where(r => !Adding.Contains(r))];

    /// <summary>The replicas after the reassignment.</summary>
    public IReadOnlyList<int> Target => [.. Replicas.Where(r => !Removing.Contains(r))];

    /// <summary>True while replicas are to be added or removed.</summary>
    public bool IsBeingReassigned => Adding.Count > 0 || Removing.Count > 0;

    /// <summary>True while nothing is left to be done but to take away what a reassignment that has been given up was adding.</summary>
    public bool IsBeingGivenUp => Adding.Count > 0 && Adding.Count == Removing.Count && Adding.All(Removing.Contains);

    /// <summary>An assignment that stays as it is.</summary>
    public static PartitionAssignment Of(IReadOnlyList<int> replicas) => new(replicas, [], []);

    /// <summary>
    /// The assignment on the way from the <see cref="Origin"/> to other replicas. What an earlier reassignment was adding is not among
    /// them unless it is wished for again.
    /// </summary>
    public PartitionAssignment ReassignTo(IReadOnlyList<int> target)
    {
        var origin = Origin;
        return new PartitionAssignment(
            [.. target.Concat(origin).Distinct()],
            [.. target.Where(r => !origin.Contains(r))],
            [.. origin.Where(r => !target.Contains(r))]);
    }

    /// <summary>
    /// The same with more replicas that are to go, which an earlier reassignment was adding; they stand last. They are no part of the
    /// <see cref="Origin"/> for that: who gives the move up does not get them.
    /// </summary>
    public PartitionAssignment AndRemove(IReadOnlyList<int> more) =>
        new([.. Replicas, .. more], [.. Adding, .. more], [.. Removing, .. more]);

    /// <summary>What is wrong with a list of replicas by itself, as one sentence, or null.</summary>
    public static string? Problem(IReadOnlyList<int> replicas)
    {
        if (replicas.Count == 0) return "The list of replicas is empty.";
        if (replicas.Any(r => r < 0)) return $"The replicas [{string.Join(", ", replicas)}] hold a negative broker id.";
        return replicas.Distinct().Count() < replicas.Count ? $"The replicas [{string.Join(", ", replicas)}] name a broker twice." : null;
    }

    /// <summary>What is wrong with an assignment found in the store, as one sentence, or null.</summary>
    public string? Problem()
    {
        if (Problem(Replicas) is { } problem) return problem;
        if (Adding.Any(r => !Replicas.Contains(r))) return $"The adding replicas [{string.Join(", ", Adding)}] are not among the replicas.";
        if (Removing.Any(r => !Replicas.Contains(r))) return $"The removing replicas [{string.Join(", ", Removing)}] are not among the replicas.";
        return Target.Count == 0 ? "All replicas are being removed." : null;
    }

    /// <summary>Equal by content, in order.</summary>
    public bool Equals(PartitionAssignment? other) =>
        other is not null && Replicas.SequenceEqual(other.Replicas) && Adding.SequenceEqual(other.Adding) && Removing.SequenceEqual(other.Removing);

    /// <inheritdoc/>
    public override int GetHashCode() => Replicas.Aggregate(Adding.Count, static (hash, r) => unchecked((hash * 31) + r));

    /// <inheritdoc/>
    public override string ToString() => IsBeingReassigned
        ? $"[{string.Join(',', Replicas)}] adding [{string.Join(',', Adding)}] removing [{string.Join(',', Removing)}]"
        : $"[{string.Join(',', Replicas)}]";
}
