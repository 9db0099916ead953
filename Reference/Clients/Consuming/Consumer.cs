using System;
using System.Collections.Generic;
using Reference.Clients.Network;
using Simulator.Platform;

namespace Reference.Clients.Consuming;

/// <summary>
/// Reads assigned partitions in the order of their offsets. What was in flight or buffered at a seek or a new assignment is never
/// given afterwards. Positions live in the consumer only. Use it on its node's loop only.
/// </summary>
public sealed class Consumer
{
    private readonly Node _node;
    private readonly ConsumerOptions _options;
    private readonly NetworkClient _network;
    private readonly OffsetLookup _lookup;
    private readonly Fetcher _fetcher;
    private readonly SortedDictionary<TopicPartition, PartitionState> _assigned = [];
    private PartitionState[] _states = []; // the values of _assigned, walked on every poll
    private bool _polling;
    private bool _woken;
    private bool _closed;

    /// <summary>Makes a consumer; it connects when first needed.</summary>
    /// <exception cref="Rpc.Configuration.ConfigException">Options that contradict each other.</exception>
    public Consumer(Node node, ConsumerOptions options)
    {
        _node = node;
        _options = options;
        _network = new NetworkClient(node, options);
        _lookup = new OffsetLookup(_network);
        _fetcher = new Fetcher(node, options, _network, _lookup);
    }

    /// <summary>The assigned partitions in order.</summary>
    public IReadOnlyCollection<TopicPartition> Assignment => _assigned.Keys;

    /// <summary>Reads exactly these partitions from now on; those that were assigned already go on where they are.</summary>
    public void Assign(IReadOnlyCollection<TopicPartition> partitions)
    {
        var wanted = new SortedSet<TopicPartition>(partitions);
        var topics = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var old in new List<TopicPartition>(_assigned.Keys))
        {
            if (wanted.Contains(old)) continue;
            _assigned[old].NeedReset(OffsetReset.None); // a new generation: what is in flight for it is dropped
            _assigned.Remove(old);
        }

        foreach (var partition in wanted)
        {
            _assigned.TryAdd(partition, new PartitionState(partition, _options.AutoOffsetReset));
            topics.Add(partition.Topic);
        }

        _states = [.. _assigned.Values];
        _network.Metadata.WatchOnly(topics);
        _fetcher.Progress.Set();
    }

    /// <summary>
    /// The next records, at most <c>max.poll.records</c>; empty when none came in time. One poll at a time.
    /// </summary>
    /// <exception cref="NoOffsetForPartitionException">No position, and no reset policy.</exception>
    /// <exception cref="OffsetOutOfRangeException">The position is outside the log, and no reset policy.</exception>
    /// <exception cref="LogTruncationException">Consumed records are gone, and no reset policy.</exception>
    /// <exception cref="KafkaException">A corrupt batch, a refused topic.</exception>
    public async LoopTask<IReadOnlyList<ConsumerRecord>> Poll(TimeSpan timeout)
    {
        ThrowIfClosed();
        if (_polling) throw new InvalidOperationException("A consumer polls once at a time.");
        (_polling, _woken) = (true, false);
        try
        {
            var records = await PollUntil(_node.Clock.MonotonicMicros + (long)timeout.TotalMicroseconds);
            _polling = false;
            return records;
        }
        catch (KafkaException)
        {
            _polling = false;
            throw;
        }
    }

    /// <summary>The next poll begins at this offset; with a leader epoch the log is first checked for truncation (KIP-320).</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public void Seek(TopicPartition partition, long offset, int leaderEpoch = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        StateOf(partition).SeekTo(offset, leaderEpoch);
        _fetcher.Progress.Set();
    }

    /// <summary>The next poll begins at the log's start.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public void SeekToBeginning(TopicPartition partition) => Reset(partition, OffsetReset.Earliest);

    /// <summary>The next poll begins at the log's end.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public void SeekToEnd(TopicPartition partition) => Reset(partition, OffsetReset.Latest);

    /// <summary>The offset of the next record to be given, finding it first if need be. Not while a poll is under way.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    /// <exception cref="KafkaException">It could not be found within <paramref name="timeout"/>.</exception>
    public async LoopTask<long> Position(TopicPartition partition, TimeSpan timeout)
    {
        var end = _node.Clock.MonotonicMicros + (long)timeout.TotalMicroseconds;
        while (true)
        {
            ThrowIfClosed();
            var state = StateOf(partition);
            if (state.HasPosition) return state.Position;
            if (state.Failure is { } failure) throw failure;
            if (!await WaitForProgress(end)) throw new KafkaException(Wire.ErrorCode.RequestTimedOut, $"The position of {partition} was not found within {timeout.TotalMilliseconds:0} ms.");
        }
    }

    /// <summary>Stops giving records of a partition; its position stays.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public void Pause(TopicPartition partition) => StateOf(partition).IsPaused = true;

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public void Resume(TopicPartition partition)
    {
        StateOf(partition).IsPaused = false;
        _fetcher.Progress.Set();
    }

    /// <summary>Per partition the first offset whose timestamp is at least the one given; null where there is none.</summary>
    /// <exception cref="KafkaException">A partition's leader gave no answer within the timeout.</exception>
    public async LoopTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp?>> OffsetsForTimes(IReadOnlyDictionary<TopicPartition, long> timestampsMs, TimeSpan timeout)
    {
        var found = new SortedDictionary<TopicPartition, OffsetAndTimestamp?>();
        foreach (var (partition, timestamp) in new SortedDictionary<TopicPartition, long>(new Dictionary<TopicPartition, long>(timestampsMs)))
        {
            var offset = await Lookup(partition, timestamp, timeout);
            found[partition] = offset.Offset < 0 ? null : offset;
        }

        return found;
    }

    /// <summary>The offset of the first record of a partition's log.</summary>
    /// <exception cref="KafkaException">Its leader gave no answer within the timeout.</exception>
    public async LoopTask<long> BeginningOffset(TopicPartition partition, TimeSpan timeout) => (await Lookup(partition, OffsetLookup.Earliest, timeout)).Offset;

    /// <summary>The offset after the last record of a partition that may be read: the high watermark.</summary>
    /// <exception cref="KafkaException">Its leader gave no answer within the timeout.</exception>
    public async LoopTask<long> EndOffset(TopicPartition partition, TimeSpan timeout) => (await Lookup(partition, OffsetLookup.Latest, timeout)).Offset;

    /// <summary>Lets the poll that is under way end now, empty if nothing has arrived; without one nothing happens.</summary>
    public void Wakeup()
    {
        _woken = _polling;
        _fetcher.Progress.Set();
    }

    /// <summary>Disconnects; a poll that is under way ends empty.</summary>
    public async LoopTask Close()
    {
        if (_closed) return;
        _closed = true;
        foreach (var state in _assigned.Values) state.NeedReset(OffsetReset.None);
        _assigned.Clear();
        _states = [];
        _fetcher.Progress.Set();
        await _network.Close();
    }

    private async LoopTask<IReadOnlyList<ConsumerRecord>> PollUntil(long end)
    {
        while (!_closed)
        {
            ThrowFailure();
            var records = Drain();
            if (records.Count > 0)
            {
                _fetcher.StartWork(_states); // the next records travel while these are worked on
                return records;
            }

            if (_woken || !await WaitForProgress(end)) break;
        }

        return [];
    }

    /// <summary>Starts what is needed and waits until something has come of it; false when the time is over.</summary>
    private async LoopTask<bool> WaitForProgress(long end)
    {
        var wakeAt = Math.Min(_fetcher.StartWork(_states), end);
        var now = _node.Clock.MonotonicMicros;
        if (now >= end) return false;
        await _fetcher.Progress.Wait(_node.Clock, TimeSpan.FromMicroseconds(Math.Max(0, wakeAt - now)));
        return true;
    }

    private void ThrowFailure()
    {
        foreach (var state in _states)
        {
            if (state.Failure is { } failure) throw failure;
        }
    }

    private List<ConsumerRecord> Drain()
    {
        var records = new List<ConsumerRecord>();
        while (records.Count < _options.MaxPollRecords && NextBuffered() is { } state)
        {
            while (records.Count < _options.MaxPollRecords && state.Buffered.TryDequeue(out var record))
            {
                records.Add(record);
                state.Advance(record.Offset + 1, record.LeaderEpoch);
            }

            if (state.Buffered.Count == 0) state.Advance(state.AfterBuffered.Offset, state.AfterBuffered.Epoch);
        }

        return records;
    }

    /// <summary>The partition whose buffer arrived first, so that a busy partition cannot starve the others.</summary>
    private PartitionState? NextBuffered()
    {
        PartitionState? first = null;
        foreach (var state in _states)
        {
            if (!state.IsPaused && state.Buffered.Count > 0 && (first is null || state.Arrival < first.Arrival)) first = state;
        }

        return first;
    }

    private async LoopTask<OffsetAndTimestamp> Lookup(TopicPartition partition, long timestampMs, TimeSpan timeout)
    {
        var end = _node.Clock.MonotonicMicros + (long)timeout.TotalMicroseconds;
        if (_network.Metadata.Current.Partition(partition) is null) _network.Metadata.Watch(partition.Topic);
        while (true)
        {
            ThrowIfClosed();
            try
            {
                return await _lookup.ByTimestamp(partition, timestampMs);
            }
            catch (KafkaException e) when ((e.IsRetriable || e.Code == Wire.ErrorCode.BrokerNotAvailable) && _node.Clock.MonotonicMicros < end)
            {
                _network.Metadata.RequestUpdate();
            }

            await _node.Clock.Delay(_options.RetryBackoff);
        }
    }

    private void Reset(TopicPartition partition, OffsetReset to)
    {
        StateOf(partition).NeedReset(to);
        _fetcher.Progress.Set();
    }

    private PartitionState StateOf(TopicPartition partition) => _assigned.TryGetValue(partition, out var state)
        ? state
        : throw new InvalidOperationException($"{partition} is not assigned to this consumer.");

    private void ThrowIfClosed()
    {
        if (_closed) throw new InvalidOperationException("The consumer is closed.");
    }
}
