using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Scenarios.Timelines;
using Scenarios.Workload;
using Simulator.Engine.Timelines;

namespace Scenarios.History;

/// <summary>What the clients of a run did and saw: the only evidence for the anomalies.</summary>
/// <param name="operations">Where the operations are drawn, with their times; null for nowhere.</param>
public sealed class ClientHistory(ClientOperations? operations = null)
{
    /// <summary>The consumer that reads everything at the end.</summary>
    public const string FinalReader = "final-reader";

    private readonly List<SendOperation> _sends = [];
    private readonly List<ReadOperation> _reads = [];
    private readonly List<ReadOperation> _news = [];
    private readonly List<ChoreOperation> _chores = [];
    private readonly List<RecordDeletion> _deletions = [];
    private readonly List<(SendOperation Send, TimeSpan Took)> _probes = [];
    private readonly List<TruncationNotice> _truncations = [];
    private readonly Dictionary<(string Partition, long Offset), string> _firstRead = [];
    private List<Succession<ReadOperation>>? _leaps;

    /// <summary>All sends in the order of their beginning.</summary>
    public IReadOnlyList<SendOperation> Sends => _sends;

    /// <summary>All reads in the order in which they were given to consumers.</summary>
    public IReadOnlyList<ReadOperation> Reads => _reads;

    /// <summary>The reads that gave at their offset what no read had given there before, in order: all evidence of what the log held, without the repetitions.</summary>
    public IReadOnlyList<ReadOperation> News => _news;

    /// <summary>All chores of the operator in the order of their beginning.</summary>
    public IReadOnlyList<ChoreOperation> Chores => _chores;

    /// <summary>The deletions of records that were asked for, in their order.</summary>
    public IReadOnlyList<RecordDeletion> Deletions => _deletions;

    /// <summary>An operator asks for the deletion of a partition's records below an offset, -1: the high watermark.</summary>
    public RecordDeletion BeginDeletion(string partition, long offset)
    {
        var deletion = new RecordDeletion(partition, offset);
        _deletions.Add(deletion);
        return deletion;
    }

    /// <summary>The first pair of reads that gave two values at one offset, in words.</summary>
    public string? ChangedRead { get; private set; }

    /// <summary>Sends to a cluster that had recovered, with the time that each took.</summary>
    public IReadOnlyList<(SendOperation Send, TimeSpan Took)> Probes => _probes;

    /// <summary>Number of acknowledged sends.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Number of operations that have begun and not ended.</summary>
    public int Pending { get; private set; }

    /// <summary>Partition, offset and value: whether an unclean election has announced that as lost.</summary>
    public Func<string, long, string, bool> Losses { get; set; } = static (_, _, _) => false;

    /// <summary>Partition, offset and the leader epoch of what was written there: whether an unclean election has announced that as lost.</summary>
    public Func<string, long, int, bool> LossesOfEpoch { get; set; } = static (_, _, _) => false;

    /// <summary>Whether a partition has had an unclean election.</summary>
    public Func<string, bool> HadUncleanElection { get; set; } = static _ => false;

    /// <summary>What consumers were told of truncated logs.</summary>
    public IReadOnlyList<TruncationNotice> Truncations => _truncations;

    /// <summary>
    /// True if an unclean election has announced the record as lost. Its epoch says which record it was: one of the same value, sent again, may
    /// have taken its place.
    /// </summary>
    public bool IsLost(ReadOperation read) =>
        read.LeaderEpoch >= 0 ? LossesOfEpoch(read.Partition, read.Offset, read.LeaderEpoch) : Losses(read.Partition, read.Offset, read.Value);

    /// <summary>True if an unclean election has announced the acknowledged record as lost.</summary>
    public bool IsLost(SendOperation send) => send.Offset >= 0 && Losses(send.Partition, send.Offset, send.Value);

    /// <summary>A consumer was told that its position is not in the log any more.</summary>
    public void AddTruncation(string consumer, string partition, string message) =>
        _truncations.Add(new TruncationNotice(consumer, partition, message, HadUncleanElection(partition)));

    /// <summary>A send begins.</summary>
    public SendOperation BeginSend(string producer, int burst, string partition, string value, bool allReplicas)
    {
        var send = new SendOperation(producer, burst, partition, value, allReplicas);
        _sends.Add(send);
        Pending++;
        operations?.BeginSend(send);
        return send;
    }

    /// <summary>A send ends.</summary>
    public void EndSend(SendOperation send, SendOutcome outcome, long offset = -1)
    {
        if (send.Outcome != SendOutcome.Pending) throw new InvalidOperationException($"The send of {send.Value} has ended already.");
        send.Outcome = outcome;
        send.Offset = offset;
        Pending--;
        if (outcome == SendOutcome.Acknowledged) Acknowledged++;
        operations?.EndSend(send);
    }

    /// <summary>A send to a healthy cluster has been answered.</summary>
    public void NoteProbe(SendOperation send, TimeSpan took) => _probes.Add((send, took));

    /// <summary>A chore begins.</summary>
    public ChoreOperation BeginChore(PlannedChore chore)
    {
        var operation = new ChoreOperation(chore);
        _chores.Add(operation);
        Pending++;
        return operation;
    }

    /// <summary>A chore ends.</summary>
    public void EndChore(ChoreOperation chore, OperationOutcome outcome)
    {
        if (chore.Outcome is not null) throw new InvalidOperationException($"The chore {chore.Chore} has ended already.");
        chore.Outcome = outcome;
        Pending--;
    }

    /// <summary>A poll begins; null if it is drawn nowhere.</summary>
    public TimelineOperation? BeginPoll(string consumer) => operations?.BeginPoll(consumer);

    /// <summary>A poll has ended with the reads from this one on.</summary>
    public void EndPoll(TimelineOperation? poll, int firstRead)
    {
        if (poll is not null) operations?.EndPoll(poll, _reads[firstRead..]);
    }

    /// <summary>A record was given to a consumer.</summary>
    public void AddRead(ReadOperation read)
    {
        _leaps = null;
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstRead, (read.Partition, read.Offset), out var isKnown);
        first ??= read.Value;
        var isChanged = first != read.Value;
        if (!isKnown || isChanged) _news.Add(read);
        _reads.Add(isChanged ? read : read with { Value = first }); // one string for all its readers
        if (isChanged && Losses(read.Partition, read.Offset, first)) first = read.Value;
        else if (isChanged && !IsLost(read)) ChangedRead ??= $"{read.Partition} offset {read.Offset} was read as '{first}' and later by {read.Consumer} as '{read.Value}'";
    }

    /// <summary>Reads of one consumer, partition and position that follow one another, but not offset by offset: few, where all is well.</summary>
    public IReadOnlyList<Succession<ReadOperation>> Leaps() => _leaps ??= FindLeaps();

    /// <summary>
    /// Sends of one producer to one partition that follow one another, of those whose acknowledged offset is promised to stay; those
    /// between them that failed or are of unknown outcome are left out.
    /// </summary>
    public IEnumerable<Succession<SendOperation>> SuccessiveSends() =>
        _sends.Where(s => s.IsPromised && s.Offset >= 0).GroupBy(s => (s.Producer, s.Partition)).SelectMany(g => Successions(g, (one, next) => one.Burst == next.Burst));

    private List<Succession<ReadOperation>> FindLeaps()
    {
        var leaps = new List<Succession<ReadOperation>>();
        var last = new Dictionary<(string Consumer, string Partition, int Position), int>();
        for (var i = 0; i < _reads.Count; i++)
        {
            var next = _reads[i];
            ref var previous = ref CollectionsMarshal.GetValueRefOrAddDefault(last, (next.Consumer, next.Partition, next.Position), out var isKnown);
            if (isKnown && _reads[previous] is var one && next.Offset != one.Offset + 1) leaps.Add(new Succession<ReadOperation>(one, next, one.Poll == next.Poll));
            previous = i;
        }

        return leaps;
    }

    private static IEnumerable<Succession<T>> Successions<T>(IEnumerable<T> operations, Func<T, T, bool> areInternal) =>
        operations.Zip(operations.Skip(1), (one, next) => new Succession<T>(one, next, areInternal(one, next)));
}

/// <summary>Two operations that follow one another.</summary>
/// <param name="One">The first.</param>
/// <param name="Next">The one right after it.</param>
/// <param name="IsInternal">True if both are parts of one poll or burst.</param>
public readonly record struct Succession<T>(T One, T Next, bool IsInternal);
