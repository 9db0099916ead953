using System.Collections.Generic;
using Reference.Wire.Messages;
using FetchPartition = Reference.Wire.Messages.FetchRequest.FetchPartition;

namespace Reference.Wire.Sessions;

/// <summary>
/// The fetching side of a fetch session with one broker (KIP-227): turns the fetch that one would like to send into what differs from
/// the last one, and follows the session by the answers. Pure; for one fetch at a time.
/// </summary>
/// <remarks>
/// What it does not do: partitions that an incremental answer leaves out have nothing new, which the caller must expect. Below v7 there
/// are no sessions, and requests pass through unchanged.
/// </remarks>
public sealed class FetchSessionHandler
{
    private const short FirstVersion = 7;
    private const int InitialEpoch = 0;

    private readonly SortedDictionary<(string Topic, int Partition), FetchPartition> _known = new(ByTopicAndPartition.Instance);
    private bool _withoutSession;
    private bool _wasFull;

    /// <summary>The session; 0 while there is none.</summary>
    public int SessionId { get; private set; }

    /// <summary>The session epoch of the next request; 0 asks for a new session.</summary>
    public int NextEpoch { get; private set; }

    /// <summary>
    /// Makes a request that names all that is wanted part of the session: its partitions become those that are new or asked for
    /// differently, and those no longer wanted are forgotten.
    /// </summary>
    public void Attach(FetchRequest request, short version)
    {
        _withoutSession = version < FirstVersion;
        if (_withoutSession) return;
        _wasFull = NextEpoch == InitialEpoch;
        (request.SessionId, request.SessionEpoch) = (SessionId, NextEpoch);
        var wanted = PartitionsOf(request);
        if (!_wasFull)
        {
            request.ForgottenTopicsData = Forgotten(wanted);
            request.Topics = Changed(wanted);
        }

        _known.Clear();
        foreach (var (key, partition) in wanted) _known[key] = partition;
    }

    /// <summary>Looks at an answer; false if it is of no use: the session is gone or out of step, and the next fetch opens a new one.</summary>
    public bool Accept(FetchResponse response)
    {
        if (_withoutSession) return response.ErrorCode == ErrorCode.None;
        if (response.ErrorCode != ErrorCode.None)
        {
            if (response.ErrorCode == ErrorCode.FetchSessionIdNotFound) SessionId = 0;
            NextEpoch = InitialEpoch; // with the id, if the broker still has the session: the next request closes it
            return false;
        }

        if (!Fits(response))
        {
            NextEpoch = InitialEpoch;
            return false;
        }

        SessionId = response.SessionId;
        NextEpoch = SessionId == 0 ? InitialEpoch : Following(NextEpoch);
        return true;
    }

    /// <summary>No answer came: nobody knows whether the broker went on in the session, so the next fetch closes it and opens another.</summary>
    public void Failed() => NextEpoch = InitialEpoch;

    /// <summary>The epoch after one, on both sides of a session.</summary>
    public static int Following(int epoch) => epoch == int.MaxValue ? 1 : epoch + 1;

    /// <summary>True for errors that concern the session only: fetching again at once, in a new one, is right.</summary>
    public static bool IsSessionError(ErrorCode error) => error is ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch;

    /// <summary>A full answer names every partition, an incremental one none that is not in the session.</summary>
    private bool Fits(FetchResponse response)
    {
        var named = 0;
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                if (!_known.ContainsKey((topic.Topic, partition.PartitionIndex))) return false;
                named++;
            }
        }

        return !_wasFull || named == _known.Count;
    }

    private static SortedDictionary<(string Topic, int Partition), FetchPartition> PartitionsOf(FetchRequest request)
    {
        var wanted = new SortedDictionary<(string Topic, int Partition), FetchPartition>(ByTopicAndPartition.Instance);
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions) wanted[(topic.Topic, partition.Partition)] = partition;
        }

        return wanted;
    }

    private List<FetchRequest.FetchTopic> Changed(SortedDictionary<(string Topic, int Partition), FetchPartition> wanted)
    {
        var changed = new List<FetchRequest.FetchTopic>();
        foreach (var ((topic, _), partition) in wanted)
        {
            if (_known.TryGetValue((topic, partition.Partition), out var before) && before == partition) continue;
            if (changed.Count == 0 || changed[^1].Topic != topic) changed.Add(new FetchRequest.FetchTopic { Topic = topic });
            changed[^1].Partitions.Add(partition);
        }

        return changed;
    }

    private List<FetchRequest.ForgottenTopic> Forgotten(SortedDictionary<(string Topic, int Partition), FetchPartition> wanted)
    {
        var forgotten = new List<FetchRequest.ForgottenTopic>();
        foreach (var key in _known.Keys)
        {
            if (wanted.ContainsKey(key)) continue;
            if (forgotten.Count == 0 || forgotten[^1].Topic != key.Topic) forgotten.Add(new FetchRequest.ForgottenTopic { Topic = key.Topic });
            forgotten[^1].Partitions.Add(key.Partition);
        }

        return forgotten;
    }

    private sealed class ByTopicAndPartition : IComparer<(string Topic, int Partition)>
    {
        public static readonly ByTopicAndPartition Instance = new();

        public int Compare((string Topic, int Partition) x, (string Topic, int Partition) y)
        {
            var byTopic = string.CompareOrdinal(x.Topic, y.Topic);
            return byTopic != 0 ? byTopic : x.Partition.CompareTo(y.Partition);
        }
    }
}
