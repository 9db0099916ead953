using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Simulator.Platform.Services;

namespace tools.Sample.KeyValue;

/// <summary>
/// A replica of a small key-value store, written as any async service in .NET. One replica is the primary of an epoch, to which a
/// majority has promised to follow no older one; it sends its whole state with each write to the others and acknowledges the write once
/// a majority has it on disk. A new primary begins with the newest state of a majority.
/// </summary>
public sealed class Replica(NodeContext node, ReplicaOptions options)
{
    private const string StateFile = "state.json";
    private readonly Peer[] _peers = [.. options.Peers.Select(p => new Peer(node, p, options.PeerTimeout))];
    private readonly Channel<PendingWrite> _writes = Channel.CreateUnbounded<PendingWrite>();
    private readonly SemaphoreSlim _stateGate = new(1);
    private ReplicaState _state = ReplicaState.Empty;
    private long _lastHeard;

    /// <summary>The epoch in which this replica is the primary; 0 if it is not.</summary>
    public long LeadingEpoch { get; private set; }

    /// <summary>What a majority is known to have. Only a primary knows.</summary>
    public ReplicaState Committed { get; private set; } = ReplicaState.Empty;

    /// <summary>Serves until the node stops.</summary>
    public async Task RunAsync()
    {
        if (await node.Disk.ExistsAsync(StateFile)) _state = JsonSerializer.Deserialize<ReplicaState>(await node.Disk.ReadAllBytesAsync(StateFile))!;
        _lastHeard = node.Time.GetTimestamp();
        Task[] parts =
        [
            node.Network.ServeAsync(options.Self.Replication, ServePeerAsync),
            node.ServeHttpAsync(options.Self.Http, new HttpApi(this).AnswerAsync),
            WriteInTurnAsync(),
            WatchAsync(),
        ];
        await await Task.WhenAny(parts);
    }

    /// <summary>Writes a value; ends when it is known what became of it.</summary>
    public async Task<WriteOutcome> PutAsync(string key, string value)
    {
        var write = new PendingWrite(key, value);
        _writes.Writer.TryWrite(write);
        return await write.Outcome.Task;
    }

    /// <summary>Makes sure that this replica is the primary at some instant from now on; false if it can't.</summary>
    public async Task<bool> ConfirmLeadershipAsync()
    {
        var epoch = LeadingEpoch;
        if (epoch == 0) return false;
        if (options.Bug == PlantedBug.StaleRead) return true;
        return await MajorityGrantsAsync(new PeerRequest(PeerRequest.Confirm, epoch)) && LeadingEpoch == epoch;
    }

    // One write at a time, in the order in which they came.
    private async Task WriteInTurnAsync()
    {
        while (true)
        {
            var write = await _writes.Reader.ReadAsync();
            if (LeadingEpoch == 0)
            {
                write.Outcome.TrySetResult(WriteOutcome.Refused);
                continue;
            }

            var next = _state with { Version = _state.Version + 1, Values = _state.Values.SetItem(write.Key, write.Value) };
            var isDurable = await AcceptAsync(next);
            if (isDurable && options.Bug == PlantedBug.EarlyAcknowledgement) write.Outcome.TrySetResult(WriteOutcome.Done);
            var isReplicated = isDurable && await ReplicateForSureAsync(next);
            write.Outcome.TrySetResult(isReplicated ? WriteOutcome.Done : WriteOutcome.Unknown);
        }
    }

    // A write that does not reach a majority is tried again, until there is another primary.
    private async Task<bool> ReplicateForSureAsync(ReplicaState state)
    {
        while (LeadingEpoch == state.Epoch)
        {
            if (await ReplicateAsync(state)) return true;
            await Task.Delay(options.HeartbeatInterval, node.Time);
        }

        return false;
    }

    // Heartbeats of a primary; the others want to become one when they hear nothing.
    private async Task WatchAsync()
    {
        var random = node.Random("election");
        while (true)
        {
            var patience = options.Bug == PlantedBug.HashedPatience ? HashedPatience() : random.NextSpan(options.ElectionTimeout, options.ElectionTimeout * 2);
            await Task.Delay(LeadingEpoch > 0 ? options.HeartbeatInterval : patience, node.Time);
            if (LeadingEpoch > 0) await MajorityGrantsAsync(new PeerRequest(PeerRequest.Confirm, LeadingEpoch));
            else if (node.Time.GetElapsedTime(_lastHeard) >= patience) await TryToLeadAsync();
        }
    }

    private TimeSpan HashedPatience() => options.ElectionTimeout * (1 + ((uint)node.Name.GetHashCode() / (double)uint.MaxValue));

    private async Task TryToLeadAsync()
    {
        var epoch = _state.Promised + 1;
        var newest = await PromiseAsync(epoch);
        if (newest is null) return;
        var granted = await MajorityGrantsAsync(new PeerRequest(PeerRequest.Promise, epoch), reply =>
        {
            if (reply.State!.IsNewerThan(newest)) newest = reply.State;
        });
        if (!granted) return;

        // What an earlier primary left behind at a few replicas becomes this one's first state, at a majority of them.
        var first = newest with { Promised = epoch, Epoch = epoch, Version = 1 };
        if (!await AcceptAsync(first) || !await ReplicateAsync(first) || _state.Promised != epoch) return;
        LeadingEpoch = epoch;
        node.Log.LogInformation("leads epoch {Epoch}", epoch);
    }

    private async Task<bool> ReplicateAsync(ReplicaState state)
    {
        if (!await MajorityGrantsAsync(new PeerRequest(PeerRequest.Accept, state.Epoch, state))) return false;
        if (state.IsNewerThan(Committed)) Committed = state;
        return true;
    }

    // Asks all, and ends as soon as it is clear what a majority says. This replica itself counts as a yes.
    private async Task<bool> MajorityGrantsAsync(PeerRequest request, Action<PeerReply>? onGranted = null)
    {
        var verdict = new TaskCompletionSource<bool>();
        int yes = 1, answers = 1;
        foreach (var peer in _peers) _ = AskAsync(peer);
        return await verdict.Task;

        async Task AskAsync(Peer peer)
        {
            var reply = await peer.AskAsync(request);
            answers++;
            if (reply is { Granted: true } && !verdict.Task.IsCompleted)
            {
                yes++;
                onGranted?.Invoke(reply);
            }

            if (reply is { } && reply.Promised > request.Epoch && LeadingEpoch == request.Epoch) StepDown($"epoch {reply.Promised} has begun");
            if (yes >= options.Majority) verdict.TrySetResult(true);
            else if (answers == _peers.Length + 1) verdict.TrySetResult(false);
        }
    }

    private async Task ServePeerAsync(NodeStream stream)
    {
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            await stream.WriteAsync(JsonLine.Of(await AnswerAsync(JsonSerializer.Deserialize<PeerRequest>(line)!)));
        }
    }

    private async Task<PeerReply> AnswerAsync(PeerRequest request)
    {
        switch (request.Kind)
        {
            case PeerRequest.Promise:
                var before = await PromiseAsync(request.Epoch);
                return new PeerReply(before is not null, _state.Promised, before);
            case PeerRequest.Accept:
                return new PeerReply(await AcceptAsync(request.State!), _state.Promised);
            default:
                var follows = _state.Promised == request.Epoch;
                if (follows) _lastHeard = node.Time.GetTimestamp();
                return new PeerReply(follows, _state.Promised);
        }
    }

    /// <summary>Promises an epoch that is higher than all before, durably; gives the state, or null if it cannot.</summary>
    private async Task<ReplicaState?> PromiseAsync(long epoch)
    {
        await _stateGate.WaitAsync();
        try
        {
            if (epoch <= _state.Promised) return null;
            await SaveAsync(_state with { Promised = epoch });
            _lastHeard = node.Time.GetTimestamp();
            return _state;
        }
        finally
        {
            _stateGate.Release();
        }
    }

    /// <summary>Takes over the state of the primary of its epoch, durably; false if a higher epoch has been promised.</summary>
    private async Task<bool> AcceptAsync(ReplicaState state)
    {
        await _stateGate.WaitAsync();
        try
        {
            if (state.Epoch < _state.Promised) return false;
            if (state.IsNewerThan(_state)) await SaveAsync(state with { Promised = state.Epoch });
            _lastHeard = node.Time.GetTimestamp();
            return true;
        }
        finally
        {
            _stateGate.Release();
        }
    }

    private async Task SaveAsync(ReplicaState state)
    {
        if (LeadingEpoch > 0 && state.Promised > LeadingEpoch) StepDown($"epoch {state.Promised} has begun");
        await node.Disk.WriteAtomicallyAsync(StateFile, JsonSerializer.SerializeToUtf8Bytes(state));
        _state = state;
    }

    private void StepDown(string why)
    {
        if (LeadingEpoch == 0) return;
        node.Log.LogInformation("steps down from epoch {Epoch}: {Why}", LeadingEpoch, why);
        LeadingEpoch = 0;
    }

    private sealed record PendingWrite(string Key, string Value)
    {
        public TaskCompletionSource<WriteOutcome> Outcome { get; } = new();
    }
}

/// <summary>What became of a write.</summary>
public enum WriteOutcome
{
    /// <summary>A majority has it.</summary>
    Done,

    /// <summary>This replica is not the primary; nothing was written.</summary>
    Refused,

    /// <summary>It may be found later, or not.</summary>
    Unknown,
}
