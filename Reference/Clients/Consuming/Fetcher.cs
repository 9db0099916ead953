using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Clients.Network;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Sessions;
using Simulator.Platform;

namespace Reference.Clients.Consuming;

/// <summary>
/// Brings the assigned partitions forward: finds positions, validates them after a change of leader, and keeps one fetch under way
/// per broker for those partitions whose buffer is empty.
/// </summary>
internal sealed class Fetcher
{
    private readonly Node _node;
    private readonly ConsumerOptions _options;
    private readonly NetworkClient _network;
    private readonly OffsetLookup _lookup;
    private readonly ILogger _log;
    private readonly SortedSet<int> _fetching = [];
    private readonly SortedDictionary<int, FetchSessionHandler> _sessions = [];
    private long _arrivals;

    public Fetcher(Node node, ConsumerOptions options, NetworkClient network, OffsetLookup lookup)
    {
        _node = node;
        _options = options;
        _network = network;
        _lookup = lookup;
        _log = node.Logs.CreateLogger<Fetcher>();
        network.Metadata.Updated = Progress.Set;
    }

    /// <summary>Set when something has arrived, failed or become possible.</summary>
    public LoopSignal Progress { get; } = new();

    /// <summary>Starts whatever the partitions need and is not under way; gives the instant at which to try again without a signal.</summary>
    public long StartWork(ReadOnlySpan<PartitionState> partitions)
    {
        var next = long.MaxValue;
        SortedDictionary<int, List<PartitionState>>? byLeader = null;
        foreach (var state in partitions)
        {
            if (state.IsBusy || state.Phase == PartitionPhase.Failed) continue;
            if (state.NotBeforeMicros > _node.Clock.MonotonicMicros)
            {
                next = Math.Min(next, state.NotBeforeMicros);
                continue;
            }

            StartOne(state, ref byLeader);
        }

        if (byLeader is null) return next;
        foreach (var (leader, states) in byLeader)
        {
            if (_fetching.Add(leader)) _node.Spawn(Fetch(leader, states));
        }

        return next;
    }

    private void StartOne(PartitionState state, ref SortedDictionary<int, List<PartitionState>>? byLeader)
    {
        if (state.Phase == PartitionPhase.NeedsPosition && state.ResetTo == OffsetReset.None)
        {
            state.Fail(new NoOffsetForPartitionException(state.Partition));
            Progress.Set();
            return;
        }

        if (_network.Metadata.Current.Topic(state.Partition.Topic) is { } topic && topic.Error != ErrorCode.None && !topic.Error.IsRetriable())
        {
            state.Fail(ClientErrors.Refused(topic.Error, $"The cluster refuses the topic \"{topic.Name}\""));
            Progress.Set();
            return;
        }

        // A leader of before the epoch in which this consumer reads already is a follower by now: it may not have come so far.
        if (_network.Metadata.Current.Partition(state.Partition) is not { Leader: >= 0 } known || (known.LeaderEpoch >= 0 && known.LeaderEpoch < state.LeaderEpoch))
        {
            _network.Metadata.RequestUpdate();
            Postpone(state);
            return;
        }

        if (state.Phase == PartitionPhase.NeedsPosition)
        {
            state.IsBusy = true;
            _node.Spawn(FindPosition(state, state.Generation));
            return;
        }

        NoteLeaderEpoch(state, known.LeaderEpoch);
        if (state.Phase == PartitionPhase.NeedsValidation)
        {
            state.IsBusy = true;
            _node.Spawn(Validate(state, state.Generation, known.LeaderEpoch));
        }
        else if (!state.IsPaused && state.Buffered.Count == 0)
        {
            byLeader ??= [];
            var source = SourceOf(state, known.Leader);
            if (!byLeader.TryGetValue(source, out var list)) byLeader[source] = list = [];
            list.Add(state);
        }
    }

    /// <summary>The closer replica that the leader has named, as long as that holds and the broker is there; else the leader.</summary>
    private int SourceOf(PartitionState state, int leader)
    {
        if (state.PreferredReplica < 0) return leader;
        if (state.PreferredUntilMicros > _node.Clock.MonotonicMicros && _network.Metadata.Current.Brokers.ContainsKey(state.PreferredReplica)) return state.PreferredReplica;
        state.ReturnToLeader();
        return leader;
    }

    /// <summary>Under a new leader epoch the position must be validated, if it is known in which epoch it was reached.</summary>
    private static void NoteLeaderEpoch(PartitionState state, int leaderEpoch)
    {
        if (leaderEpoch <= state.LeaderEpoch) return;
        state.ReturnToLeader();
        if (state.PositionEpoch >= 0 && state.Buffered.Count == 0) state.Phase = PartitionPhase.NeedsValidation;
        if (state.Buffered.Count == 0) state.LeaderEpoch = leaderEpoch;
    }

    private async LoopTask FindPosition(PartitionState state, int generation)
    {
        try
        {
            var found = await _lookup.ByTimestamp(state.Partition, state.ResetTo == OffsetReset.Earliest ? OffsetLookup.Earliest : OffsetLookup.Latest);
            if (state.Generation != generation) return;
            state.SeekTo(found.Offset, epoch: -1);
            _log.LogInformation("{Partition} begins at {Offset} ({Policy})", state.Partition, found.Offset, state.ResetTo);
        }
        catch (KafkaException e)
        {
            if (state.Generation != generation) return;
            Retry(state, e);
        }

        state.IsBusy = false;
        Progress.Set();
    }

    private async LoopTask Validate(PartitionState state, int generation, int leaderEpoch)
    {
        try
        {
            var (epoch, end) = await _lookup.EndOfEpoch(state.Partition, state.PositionEpoch);
            if (state.Generation != generation) return;
            if (end < 0 || epoch < 0) Truncated(state, null);
            else if (end < state.Position || epoch < state.PositionEpoch) Truncated(state, Math.Min(end, state.Position), epoch);
            else (state.Phase, state.LeaderEpoch) = (PartitionPhase.Fetching, leaderEpoch);
        }
        catch (KafkaException e)
        {
            if (state.Generation != generation) return;
            if (e.Code is ErrorCode.UnsupportedVersion) state.Phase = PartitionPhase.Fetching;
            else Retry(state, e);
        }

        state.IsBusy = false;
        Progress.Set();
    }

    /// <summary>With a reset policy, go on at the first offset known to differ, or where the policy says if it is not known.</summary>
    private void Truncated(PartitionState state, long? divergentOffset, int epoch = -1)
    {
        var found = new LogTruncationException(state.Partition, state.Position, divergentOffset);
        _log.LogWarning("{Reason}", found.Message);
        if (_options.AutoOffsetReset == OffsetReset.None)
        {
            state.Fail(found);
        }
        else if (divergentOffset is { } offset)
        {
            state.SeekTo(offset, -1);
            state.Advance(offset, epoch);
        }
        else
        {
            state.NeedReset(_options.AutoOffsetReset);
        }
    }

    private async LoopTask Fetch(int leader, List<PartitionState> states)
    {
        var asked = new List<(PartitionState State, int Generation)>();
        foreach (var state in states)
        {
            state.IsBusy = true;
            asked.Add((state, state.Generation));
        }

        if (!_sessions.TryGetValue(leader, out var session)) _sessions[leader] = session = new FetchSessionHandler();
        try
        {
            var answer = await _network.Send<FetchRequest, FetchResponse>(leader, version => MakeRequest(states, session, version), _options.RequestTimeout);
            Take(leader, session, asked, answer);
        }
        catch (KafkaException e)
        {
            session.Failed();
            _network.Metadata.RequestUpdate();
            foreach (var (state, generation) in asked)
            {
                if (state.Generation == generation) Retry(state, e);
            }
        }

        foreach (var (state, generation) in asked)
        {
            if (state.Generation == generation) state.IsBusy = false;
        }

        _fetching.Remove(leader);
        Progress.Set();
    }

    /// <summary>What is left out of an incremental answer has nothing new; after a session's end it is simply fetched again.</summary>
    private void Take(int leader, FetchSessionHandler session, List<(PartitionState State, int Generation)> asked, FetchResponse answer)
    {
        if (!session.Accept(answer))
        {
            if (FetchSessionHandler.IsSessionError(answer.ErrorCode)) return;
            throw answer.ErrorCode != ErrorCode.None
                ? ClientErrors.Refused(answer.ErrorCode, $"Broker {leader} refuses a fetch")
                : new KafkaException(ErrorCode.UnknownServerError, $"Broker {leader} does not answer a fetch with the partitions asked for.");
        }

        foreach (var (state, generation) in asked)
        {
            if (state.Generation == generation) Apply(state, answer);
        }
    }

    private FetchRequest MakeRequest(List<PartitionState> states, FetchSessionHandler session, short version)
    {
        var request = new FetchRequest
        {
            MaxWaitMs = (int)_options.FetchMaxWait.TotalMilliseconds,
            MinBytes = _options.FetchMinBytes,
            MaxBytes = _options.FetchMaxBytes,
            RackId = _options.ClientRack,
        };
        foreach (var state in states)
        {
            if (request.Topics.Count == 0 || request.Topics[^1].Topic != state.Partition.Topic)
                request.Topics.Add(new FetchRequest.FetchTopic { Topic = state.Partition.Topic });
            request.Topics[^1].Partitions.Add(new FetchRequest.FetchPartition
            {
                Partition = state.Partition.Partition,
                CurrentLeaderEpoch = state.LeaderEpoch,
                FetchOffset = state.Position,
                PartitionMaxBytes = _options.MaxPartitionFetchBytes,
            });
        }

        session.Attach(request, version);
        return request;
    }

    private void Apply(PartitionState state, FetchResponse answer)
    {
        var found = answer.Responses.Find(t => t.Topic == state.Partition.Topic)?.Partitions.Find(p => p.PartitionIndex == state.Partition.Partition);
        if (found is null) return;
        if (found.ErrorCode == ErrorCode.None)
        {
            if (found.PreferredReadReplica >= 0) state.Prefer(found.PreferredReadReplica, _node.Clock.MonotonicMicros + (long)_options.MetadataMaxAge.TotalMicroseconds);
            else Buffer(state, found);
        }
        else if (found.ErrorCode == ErrorCode.OffsetOutOfRange && state.ReturnToLeader()) _log.LogDebug("{Partition}: a follower does not have offset {Offset}; the leader may", state.Partition, state.Position);
        else if (found.ErrorCode == ErrorCode.OffsetOutOfRange) OutOfRange(state);
        else Retry(state, ClientErrors.Refused(found.ErrorCode, $"The leader of {state.Partition} refuses a fetch"));
    }

    private void Buffer(PartitionState state, FetchResponse.PartitionData data)
    {
        state.HighWatermark = data.HighWatermark;
        state.Arrival = ++_arrivals;
        try
        {
            FetchParser.Buffer(state, data.Records ?? ReadOnlyMemory<byte>.Empty, _options.CheckCrcs);
        }
        catch (KafkaException e)
        {
            state.Buffered.Clear();
            state.Fail(e);
            return;
        }

        if (state.Buffered.Count == 0) state.Advance(state.AfterBuffered.Offset, state.AfterBuffered.Epoch);
    }

    private void OutOfRange(PartitionState state)
    {
        if (_options.AutoOffsetReset == OffsetReset.None)
        {
            state.Fail(new OffsetOutOfRangeException(state.Partition, state.Position));
            return;
        }

        _log.LogInformation("{Partition}: offset {Offset} is out of range; resetting ({Policy})", state.Partition, state.Position, _options.AutoOffsetReset);
        state.NeedReset(_options.AutoOffsetReset);
    }

    /// <summary>Tries again after a pause, or hands the failure to the application.</summary>
    private void Retry(PartitionState state, KafkaException error)
    {
        _log.LogDebug("{Partition}: {Reason}", state.Partition, error.Message);
        state.ReturnToLeader();
        if (!error.IsRetriable && error.Code is not (ErrorCode.BrokerNotAvailable or ErrorCode.UnknownServerError))
        {
            state.Fail(error);
            return;
        }

        if (error.Code != ErrorCode.UnknownLeaderEpoch) _network.Metadata.RequestUpdate();
        Postpone(state);
    }

    private void Postpone(PartitionState state) =>
        state.NotBeforeMicros = _node.Clock.MonotonicMicros + (long)_options.RetryBackoff.TotalMicroseconds;
}
