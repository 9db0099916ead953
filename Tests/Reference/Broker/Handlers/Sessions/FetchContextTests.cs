using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Handlers.Sessions;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Handlers.Sessions;

/// <summary>What a fetch means within its session, and what of its answer is sent.</summary>
public class FetchContextTests
{
    [Fact]
    public void Epoch_0_opens_a_session_and_minus_1_uses_none() => With(cache =>
    {
        Assert.NotEqual(0, Answer(cache, Request(0, 0, [(0, 5)])).SessionId);
        Assert.Equal(0, Answer(cache, Request(0, -1, [(0, 5)])).SessionId);
        Assert.Equal(0, Answer(cache, Request(0, 0, [])).SessionId);
        Assert.Equal(1, cache.Count);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_full_fetch_ends_the_session_that_it_names(int epoch) => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5)])).SessionId;
        FetchContext.Of(Request(id, epoch, [(0, 5)]), cache);
        Assert.Null(cache.Find(id));
    });

    [Fact]
    public void An_unknown_session_and_a_wrong_epoch_are_refused() => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5)])).SessionId;
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, FetchContext.Of(Request(id + 1, 1, []), cache).Error);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, FetchContext.Of(Request(id, 2, []), cache).Error);
        Assert.Equal(ErrorCode.None, FetchContext.Of(Request(id, 1, []), cache).Error);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, FetchContext.Of(Request(id, 1, []), cache).Error); // sent twice
        Assert.Equal(ErrorCode.None, FetchContext.Of(Request(id, 2, []), cache).Error);
    });

    [Fact]
    public void Partitions_are_added_changed_and_forgotten() => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5), (1, 5)])).SessionId;
        var context = FetchContext.Of(Request(id, 1, [(1, 7), (2, 9)], forget: [0]), cache);
        Assert.Equal([(1, 7L), (2, 9L)], context.Partitions.Select(p => (p.Id.Partition, p.Asked.FetchOffset)));
        var ended = FetchContext.Of(Request(id, 2, [], forget: [1, 2]), cache);
        Assert.Empty(ended.Partitions);
        Assert.Equal(0, Answer(ended).SessionId);
        Assert.Equal(0, cache.Count); // a session of nothing is none
    });

    [Fact]
    public void Only_news_is_answered() => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5), (1, 5)]), hw: 5).SessionId;
        var epoch = 1;
        Assert.Empty(Next(hw: 5));
        Assert.Equal([0, 1], Next(hw: 6)); // the high watermark moved
        Assert.Empty(Next(hw: 6));
        Assert.Equal([1], Next(hw: 6, records: 1)); // records, again and again
        Assert.Equal([1], Next(hw: 6, records: 1));
        Assert.Equal([0], Next(hw: 6, error: 0)); // an error, as long as it lasts
        Assert.Equal([0], Next(hw: 6, error: 0));
        Assert.Equal([0], Next(hw: 6)); // and its end
        Assert.Empty(Next(hw: 6));
        Assert.Equal([0, 1], Next(hw: 6, start: 3)); // the log's start

        List<int> Next(long hw, int records = -1, int error = -1, long start = 0)
        {
            var answer = Answer(FetchContext.Of(Request(id, epoch++, []), cache), hw, records, error, start);
            Assert.Equal((ErrorCode.None, id), (answer.ErrorCode, answer.SessionId));
            return [.. answer.Responses.SelectMany(t => t.Partitions).Select(p => p.PartitionIndex).Order()];
        }
    });

    /// <summary>Found by seed 13 of controller-failover: the answer spoke of the epoch before, and the follower threw it away.</summary>
    [Fact]
    public void In_another_leader_epoch_everything_is_news_again() => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5)]), hw: 5).SessionId;
        var asked = Request(id, 1, [(0, 5)]);
        asked.Topics[0].Partitions[0] = asked.Topics[0].Partitions[0] with { CurrentLeaderEpoch = 7 };
        Assert.Single(Answer(FetchContext.Of(asked, cache), hw: 5).Responses);
        Assert.Empty(Answer(FetchContext.Of(Request(id, 2, []), cache), hw: 5).Responses);
    });

    [Fact]
    public void A_partition_that_gave_records_is_served_last_the_next_time() => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5), (1, 5), (2, 5)])).SessionId;
        Answer(FetchContext.Of(Request(id, 1, []), cache), records: 0);
        Assert.Equal([1, 2, 0], FetchContext.Of(Request(id, 2, []), cache).Partitions.Select(p => p.Id.Partition));
    });

    [Fact]
    public void An_answer_overtaken_by_a_later_request_of_its_session_says_so() => With(cache =>
    {
        var id = Answer(cache, Request(0, 0, [(0, 5)])).SessionId;
        var slow = FetchContext.Of(Request(id, 1, []), cache);
        Answer(FetchContext.Of(Request(id, 2, []), cache));
        Assert.Equal((ErrorCode.InvalidFetchSessionEpoch, 0), (Answer(slow, hw: 9).ErrorCode, Answer(slow, hw: 9).SessionId));
    });

    internal static FetchRequest Request(int id, int epoch, (int Partition, long Offset)[] partitions, int[]? forget = null)
    {
        var request = new FetchRequest { SessionId = id, SessionEpoch = epoch };
        if (partitions.Length > 0)
            request.Topics.Add(new FetchRequest.FetchTopic { Topic = "t", Partitions = [.. partitions.Select(p => new FetchRequest.FetchPartition { Partition = p.Partition, FetchOffset = p.Offset })] });
        if (forget is not null) request.ForgottenTopicsData.Add(new FetchRequest.ForgottenTopic { Topic = "t", Partitions = [.. forget] });
        return request;
    }

    private static FetchResponse Answer(FetchSessionCache cache, FetchRequest request, long hw = 5) => Answer(FetchContext.Of(request, cache), hw);

    private static FetchResponse Answer(FetchContext context, long hw = 5, int records = -1, int error = -1, long start = 0) =>
        context.Answer([.. context.Partitions.Select(p => (p.Id, Data(p.Id, hw, records, error, start)))]);

    private static FetchResponse.PartitionData Data(TopicPartition id, long hw, int records, int error, long start) => new()
    {
        PartitionIndex = id.Partition,
        HighWatermark = hw,
        LogStartOffset = start,
        ErrorCode = id.Partition == error ? ErrorCode.NotLeaderOrFollower : ErrorCode.None,
        Records = id.Partition == records ? new byte[1] : ReadOnlyMemory<byte>.Empty,
    };

    private static void With(Action<FetchSessionCache> test) => new StorageBox().Run(node =>
    {
        test(new FetchSessionCache(node, 10));
        return LoopTask.Completed;
    });
}
