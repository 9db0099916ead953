using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using FetchPartition = Reference.Wire.Messages.FetchRequest.FetchPartition;
using PartitionData = Reference.Wire.Messages.FetchResponse.PartitionData;

namespace Reference.Broker.Handlers.Sessions;

/// <summary>
/// What a fetch asks for by itself and by its session, and how its answer is cut to what is news (KIP-227). Session epoch 0 opens a
/// session, -1 uses none; both end the session that they name. Any other continues one, and must be the epoch expected.
/// </summary>
public sealed class FetchContext
{
    private const int FinalEpoch = -1;
    private const int InitialEpoch = 0;

    private readonly FetchSessionCache _cache;
    private readonly FetchSession? _session;
    private readonly int _expectedEpoch;
    private readonly bool _opens;
    private readonly bool _isFollower;
    private readonly List<(TopicPartition Id, FetchPartition Asked)> _partitions = [];

    private FetchContext(FetchSessionCache cache, FetchRequest request, ErrorCode error)
    {
        _cache = cache;
        _isFollower = request.ReplicaId >= 0;
        Error = error;
    }

    private FetchContext(FetchSessionCache cache, FetchRequest request, bool opens)
        : this(cache, request, ErrorCode.None)
    {
        _opens = opens;
        foreach (var topic in request.Topics)
        {
            foreach (var asked in topic.Partitions) _partitions.Add((new TopicPartition(topic.Topic, asked.Partition), asked));
        }
    }

    private FetchContext(FetchSessionCache cache, FetchRequest request, FetchSession session)
        : this(cache, request, ErrorCode.None)
    {
        _session = session;
        _expectedEpoch = session.Epoch;
        foreach (var cached in session.Partitions) _partitions.Add((cached.Id, cached.Asked));
    }

    /// <summary>Refuses the whole fetch if it is not None.</summary>
    public ErrorCode Error { get; }

    /// <summary>True if the answer holds only what the fetcher does not know yet.</summary>
    public bool IsIncremental => _session is not null;

    /// <summary>What is asked for, in the order in which it is to be served.</summary>
    public IReadOnlyList<(TopicPartition Id, FetchPartition Asked)> Partitions => _partitions;

    /// <summary>Finds out what a request asks for, and takes its changes over into its session.</summary>
    public static FetchContext Of(FetchRequest request, FetchSessionCache cache)
    {
        if (request.SessionEpoch is InitialEpoch or FinalEpoch)
        {
            if (request.SessionId != 0) cache.Close(request.SessionId);
            return new FetchContext(cache, request, opens: request.SessionEpoch == InitialEpoch);
        }

        if (cache.Find(request.SessionId) is not { } session) return new FetchContext(cache, request, ErrorCode.FetchSessionIdNotFound);
        if (session.Epoch != request.SessionEpoch) return new FetchContext(cache, request, ErrorCode.InvalidFetchSessionEpoch);
        session.Advance(request);
        if (session.Count == 0)
        {
            cache.Close(session.Id);
            return new FetchContext(cache, request, opens: false);
        }

        cache.Touch(session);
        return new FetchContext(cache, request, session);
    }

    /// <summary>The answer of all partitions read: whole, or what of it is news to the session.</summary>
    public FetchResponse Answer(IReadOnlyList<(TopicPartition Id, PartitionData Data)> read)
    {
        var response = new FetchResponse();
        if (_session is not null) AnswerIncrementally(_session, read, response);
        else AnswerFully(read, response);
        return response;
    }

    private void AnswerIncrementally(FetchSession session, IReadOnlyList<(TopicPartition Id, PartitionData Data)> read, FetchResponse response)
    {
        if (session.Epoch != _expectedEpoch)
        {
            response.ErrorCode = ErrorCode.InvalidFetchSessionEpoch; // a later request of the session was faster
            return;
        }

        response.SessionId = session.Id;
        foreach (var (id, data) in read)
        {
            if (session.Find(id) is not { } cached || !cached.Note(data)) continue;
            Add(response, id, data);
            if (data.Records is { Length: > 0 }) session.MoveToEnd(cached);
        }
    }

    private void AnswerFully(IReadOnlyList<(TopicPartition Id, PartitionData Data)> read, FetchResponse response)
    {
        foreach (var (id, data) in read) Add(response, id, data);
        if (!_opens || _partitions.Count == 0 || _cache.TryOpen(_isFollower, _partitions.Count) is not { } session) return;
        response.SessionId = session.Id;
        foreach (var (id, asked) in _partitions) session.Add(id, asked);
        foreach (var (id, data) in read) session.Find(id)!.Note(data);
    }

    private static void Add(FetchResponse response, TopicPartition id, PartitionData data)
    {
        if (response.Responses.Count == 0 || response.Responses[^1].Topic != id.Topic)
            response.Responses.Add(new FetchResponse.FetchableTopicResponse { Topic = id.Topic });
        response.Responses[^1].Partitions.Add(data);
    }
}
