using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Handlers.Sessions;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Sessions;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Wire.Sessions;

/// <summary>
/// The fetching side of a session, by itself and against the broker's side: whatever is lost or evicted between them, a fetch that
/// the broker serves means exactly the partitions that were wanted.
/// </summary>
public class FetchSessionHandlerTests
{
    private enum Fate
    {
        Arrives,
        RequestLost,
        AnswerLost,
        SessionEvicted,
    }

    private static readonly Gen<(Fate, int[])> s_step = Gen.Zip(
        Gen.Elements(Fate.Arrives, Fate.Arrives, Fate.Arrives, Fate.Arrives, Fate.RequestLost, Fate.AnswerLost, Fate.SessionEvicted),
        Gen.ArrayOf(Gen.Choose(-1, 3), 4));

    [Fact]
    public void Both_sides_agree_on_what_is_wanted_whatever_is_lost_between_them() =>
        Prop.ForAll(Arb.From(Gen.ListOf(s_step)), steps => Check(steps)).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_unchanged_is_not_sent_again()
    {
        var handler = new FetchSessionHandler();
        Assert.Equal([0, 1, 2], Sent(handler, 5, 5, 5));
        Assert.True(handler.Accept(Full(7, 0, 1, 2)));
        Assert.Equal((7, 1), (handler.SessionId, handler.NextEpoch));
        var request = Wanted(5, 6, -1);
        handler.Attach(request, 11);
        Assert.Equal([1], Partitions(request));
        Assert.Equal([2], request.ForgottenTopicsData.Single().Partitions);
        Assert.Equal((7, 1), (request.SessionId, request.SessionEpoch));
        Assert.True(handler.Accept(new FetchResponse { SessionId = 7 }));
        Assert.Empty(Sent(handler, 5, 6, -1));
    }

    [Theory]
    [InlineData(ErrorCode.FetchSessionIdNotFound, 0)]
    [InlineData(ErrorCode.InvalidFetchSessionEpoch, 7)]
    [InlineData(ErrorCode.UnknownServerError, 7)]
    public void After_an_error_the_next_fetch_is_full_and_closes_a_session_that_may_still_be_there(ErrorCode error, int named)
    {
        var handler = new FetchSessionHandler();
        Sent(handler, 5);
        handler.Accept(Full(7, 0));
        Sent(handler, 5);
        Assert.False(handler.Accept(new FetchResponse { ErrorCode = error }));
        var request = Wanted(5);
        handler.Attach(request, 11);
        Assert.Equal((named, 0), (request.SessionId, request.SessionEpoch));
        Assert.Equal([0], Partitions(request));
    }

    [Fact]
    public void An_answer_about_something_else_is_of_no_use()
    {
        var handler = new FetchSessionHandler();
        Sent(handler, 5, 5);
        Assert.False(handler.Accept(Full(7, 0))); // one is missing
        Sent(handler, 5, 5);
        Assert.True(handler.Accept(Full(7, 0, 1)));
        Sent(handler, 5, 5);
        Assert.False(handler.Accept(Full(7, 2))); // one that was not wanted
        Assert.Equal(0, handler.NextEpoch);
    }

    [Fact]
    public void Without_a_session_every_fetch_is_full()
    {
        var handler = new FetchSessionHandler();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal([0, 1], Sent(handler, 5, 5));
            Assert.True(handler.Accept(Full(0, 0, 1)));
        }
    }

    [Fact]
    public void Versions_without_sessions_pass_unchanged()
    {
        var handler = new FetchSessionHandler();
        var request = Wanted(5, 5);
        handler.Attach(request, 6);
        Assert.Equal((0, -1), (request.SessionId, request.SessionEpoch));
        Assert.True(handler.Accept(Full(0, 0)));
        Assert.Equal(0, handler.NextEpoch);
    }

    [Fact]
    public void After_the_last_epoch_comes_the_first() => Assert.Equal((1, 2), (FetchSessionHandler.Following(int.MaxValue), FetchSessionHandler.Following(1)));

    private static void Check(IEnumerable<(Fate Fate, int[] Offsets)> steps) => new StorageBox().Run(node =>
    {
        var cache = new FetchSessionCache(node, 2);
        var handler = new FetchSessionHandler();
        foreach (var (fate, offsets) in steps) Exchange(handler, cache, fate, offsets);
        return LoopTask.Completed;
    });

    private static void Exchange(FetchSessionHandler handler, FetchSessionCache cache, Fate fate, int[] offsets)
    {
        var request = Wanted(offsets);
        handler.Attach(request, 11);
        if (fate == Fate.SessionEvicted) cache.Close(request.SessionId);
        if (fate == Fate.RequestLost)
        {
            handler.Failed();
            return;
        }

        var context = FetchContext.Of(request, cache);
        if (context.Error != ErrorCode.None)
        {
            Assert.Equal(Fate.SessionEvicted, fate); // one who follows the rules is refused for no other reason
            Assert.False(handler.Accept(new FetchResponse { ErrorCode = context.Error }));
            return;
        }

        Assert.Equal(
            offsets.Select((offset, partition) => (partition, (long)offset)).Where(p => p.Item2 >= 0),
            context.Partitions.Select(p => (p.Id.Partition, p.Asked.FetchOffset)).OrderBy(p => p.Partition));
        var answer = context.Answer([.. context.Partitions.Select(p => (p.Id, new FetchResponse.PartitionData { PartitionIndex = p.Id.Partition, Records = p.Asked.FetchOffset == 1 ? new byte[1] : default(ReadOnlyMemory<byte>) }))]);
        if (fate == Fate.AnswerLost) handler.Failed();
        else Assert.True(handler.Accept(answer));
    }

    private static List<int> Sent(FetchSessionHandler handler, params int[] offsets)
    {
        var request = Wanted(offsets);
        handler.Attach(request, 11);
        return Partitions(request);
    }

    private static FetchRequest Wanted(params int[] offsets)
    {
        var request = new FetchRequest();
        for (var i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] < 0) continue;
            if (request.Topics.Count == 0) request.Topics.Add(new FetchRequest.FetchTopic { Topic = "t" });
            request.Topics[0].Partitions.Add(new FetchRequest.FetchPartition { Partition = i, FetchOffset = offsets[i] });
        }

        return request;
    }

    private static List<int> Partitions(FetchRequest request) => [.. request.Topics.SelectMany(t => t.Partitions).Select(p => p.Partition)];

    private static FetchResponse Full(int session, params int[] partitions) => new()
    {
        SessionId = session,
        Responses = [new FetchResponse.FetchableTopicResponse { Topic = "t", Partitions = [.. partitions.Select(p => new FetchResponse.PartitionData { PartitionIndex = p })] }],
    };
}
