using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Replay;

namespace Scenarios.Workload;

/// <summary>
/// All that the clients of a run will do, and when: drawn from the seed before the run begins, or read from a replay file. Nothing
/// of it depends on what happens in the run, so that any part can be cut without moving the others.
/// </summary>
public sealed class WorkloadPlan
{
    private const string Send = "send";
    private const string Read = "read";
    private const string Seek = "seek";
    private const string Partition = "partition";
    private const string Count = "count";
    private const string To = "to";
    private const string Beginning = "beginning";
    private const string End = "end";
    private const string Key = "key";
    private const string Tombstone = "tombstone";
    private const int MostPartitions = 10_000;
    private const int LargestBurst = 1_000;
    private readonly SortedDictionary<string, List<PlannedSend>> _sends = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _readStarts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<PlannedSeek>> _seeks = new(StringComparer.Ordinal);
    private readonly List<PlannedChore> _chores = [];

    /// <summary>What a producer sends, in the order of time.</summary>
    public IReadOnlyList<PlannedSend> SendsOf(string producer) => _sends.GetValueOrDefault(producer) ?? [];

    /// <summary>When a consumer begins to read; null for one that does not.</summary>
    public TimeSpan? ReadStartOf(string consumer) => _readStarts.TryGetValue(consumer, out var start) ? start : null;

    /// <summary>Where a consumer seeks, in the order of time.</summary>
    public IReadOnlyList<PlannedSeek> SeeksOf(string consumer) => _seeks.GetValueOrDefault(consumer) ?? [];

    /// <summary>What the operator does, in the order of time.</summary>
    public IReadOnlyList<PlannedChore> Chores => _chores;

    /// <summary>Draws a workload.</summary>
    /// <param name="world">Gives the streams of draws.</param>
    /// <param name="shape">What is drawn.</param>
    public static WorkloadPlan Draw(SimWorld world, WorkloadShape shape)
    {
        var plan = new WorkloadPlan();
        foreach (var producer in shape.Producers) plan._sends[producer] = DrawSends(world, producer, shape);
        foreach (var consumer in shape.Consumers)
        {
            plan._readStarts[consumer] = shape.ReadStart;
            plan._seeks[consumer] = DrawSeeks(world, consumer, shape);
        }

        if (shape.ChorePause.Max > TimeSpan.Zero) ChoreDraw.Fill(plan._chores, world.Random("operator/chores"), shape);
        if (shape.DeletionPause.Max > TimeSpan.Zero)
        {
            DeletionDraw.Fill(plan._chores, world.Random("operator/deletions"), shape);
            List<PlannedChore> inOrder = [.. plan._chores.OrderBy(c => c.At)];
            plan._chores.Clear();
            plan._chores.AddRange(inOrder);
        }

        return plan;
    }

    /// <summary>Reads a workload that was written down.</summary>
    /// <param name="operations">The operations in the order of time.</param>
    /// <param name="shape">Who may act.</param>
    /// <exception cref="ReplayException">An operation does not fit: an unknown client, another thing than it can do, a value that makes no sense.</exception>
    public static WorkloadPlan Of(IReadOnlyList<PlannedOperation> operations, WorkloadShape shape)
    {
        var plan = new WorkloadPlan();
        foreach (var operation in operations.OrderBy(o => o.At)) plan.Take(operation, shape);
        return plan;
    }

    /// <summary>The workload as it can be written down, in the order of time.</summary>
    public IReadOnlyList<PlannedOperation> Operations => AllOperations().OrderBy(o => o.At).ToList();

    private IEnumerable<PlannedOperation> AllOperations()
    {
        foreach (var (consumer, start) in _readStarts) yield return PlannedOperation.Of(start, consumer, Read);
        foreach (var (consumer, seeks) in _seeks)
        {
            foreach (var seek in seeks)
                yield return PlannedOperation.Of(seek.At, consumer, Seek, (Partition, ExplicitValues.Of(seek.Partition)), (To, seek.ToEnd ? End : Beginning));
        }

        foreach (var chore in _chores) yield return PlannedChores.Written(chore);
        foreach (var (producer, sends) in _sends)
        {
            foreach (var send in sends) yield return Written(producer, send);
        }
    }

    private static PlannedOperation Written(string producer, PlannedSend send) => send.Key < 0
        ? PlannedOperation.Of(send.At, producer, Send, (Partition, ExplicitValues.Of(send.Partition)), (Count, ExplicitValues.Of(send.Count)))
        : PlannedOperation.Of(
            send.At,
            producer,
            Send,
            (Partition, ExplicitValues.Of(send.Partition)),
            (Count, ExplicitValues.Of(send.Count)),
            (Key, ExplicitValues.Of(send.Key)),
            (Tombstone, ExplicitValues.Of(send.IsTombstone)));

    private static PlannedSend SendOf(TimeSpan at, ExplicitValues values, WorkloadShape shape)
    {
        var send = new PlannedSend(at, values.Number(Partition, 0, MostPartitions) % shape.Partitions, values.Number(Count, 1, LargestBurst));
        return values.Has(Key) ? send with { Key = values.Number(Key, 0, int.MaxValue) % Math.Max(1, shape.Keys), IsTombstone = values.Flag(Tombstone) } : send;
    }

    private static List<PlannedSend> DrawSends(SimWorld world, string producer, WorkloadShape shape)
    {
        var pace = world.Random(producer + "/pace");
        var bursts = world.Random(producer + "/bursts");
        var sends = new List<PlannedSend>();
        var at = shape.Start;
        for (var number = 0; at < shape.End; number++)
        {
            var count = bursts.Chance(shape.BurstProbability) ? bursts.Next(2, shape.LongestBurst + 1) : 1;
            sends.Add(new PlannedSend(at, number % shape.Partitions, count));
            at += pace.NextSpan(shape.SendPause.Min, shape.SendPause.Max);
        }

        if (shape.Keys > 0) KeyDraw.Fill(sends, world.Random(producer + "/keys"), shape.Keys);

        return sends;
    }

    private static List<PlannedSeek> DrawSeeks(SimWorld world, string consumer, WorkloadShape shape)
    {
        var random = world.Random(consumer + "/seeks");
        var seeks = new List<PlannedSeek>();
        for (var at = NextSeek(shape.ReadStart); at < shape.End; at = NextSeek(at)) seeks.Add(new PlannedSeek(at, random.Next(shape.Partitions), ToEnd: random.Chance(0.5)));
        return seeks;

        TimeSpan NextSeek(TimeSpan after) => after + random.NextSpan(shape.SeekPause.Min, shape.SeekPause.Max);
    }

    // A run may have fewer partitions than the one whose operations it plays: those beyond wrap around.
    private void Take(PlannedOperation operation, WorkloadShape shape)
    {
        var (at, actor, values) = (operation.At, operation.Actor, operation.Values);
        switch (operation.What)
        {
            case Send when shape.Producers.Contains(actor):
                ListOf(_sends, actor).Add(SendOf(at, values, shape));
                break;
            case Read when shape.Consumers.Contains(actor):
                _readStarts.TryAdd(actor, at);
                break;
            case Seek when shape.Consumers.Contains(actor):
                ListOf(_seeks, actor).Add(new PlannedSeek(at, values.Number(Partition, 0, MostPartitions) % shape.Partitions, values.OneOf(To, Beginning, End) == End));
                break;
            case var _ when actor == OperatorWorkload.Name && PlannedChores.Read(operation, values, shape) is { } chore:
                _chores.Add(chore);
                break;
            default:
                throw new ReplayException($"The operation '{operation.What}' of '{actor}' does not fit: no client of this scenario is called so and can do that.");
        }

        values.EnsureAllRead();
    }

    private static List<T> ListOf<T>(SortedDictionary<string, List<T>> lists, string actor)
    {
        if (!lists.TryGetValue(actor, out var list)) lists[actor] = list = [];
        return list;
    }
}

/// <summary>Some records that a producer hands over at once, to one partition.</summary>
/// <param name="At">Virtual time since the world began.</param>
/// <param name="Partition">Where to.</param>
/// <param name="Count">How many.</param>
public readonly record struct PlannedSend(TimeSpan At, int Partition, int Count)
{
    /// <summary>The key of the first of them, the others have the keys after it; -1: they have none.</summary>
    public int Key { get; init; } = -1;

    /// <summary>True if they delete their keys.</summary>
    public bool IsTombstone { get; init; }
}

/// <summary>A consumer's leap to one end of a partition, at its first poll after an instant.</summary>
/// <param name="At">Virtual time since the world began.</param>
/// <param name="Partition">Which partition.</param>
/// <param name="ToEnd">Whether to the end or to the beginning.</param>
public readonly record struct PlannedSeek(TimeSpan At, int Partition, bool ToEnd);
