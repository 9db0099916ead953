using System;
using System.Linq;
using Reference.Broker.Handlers.Sessions;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Handlers.Sessions;

/// <summary>Who gets a slot of the session cache, and who gives it up.</summary>
public class FetchSessionCacheTests
{
    private static readonly TimeSpan s_aWhile = TimeSpan.FromMilliseconds(FetchSessionCache.EvictionMs + 1);

    [Fact]
    public void Without_slots_there_are_no_sessions() => With(slots: 0, (_, cache) =>
    {
        Assert.Null(Open(cache, isFollower: true, partitions: 100));
        return LoopTask.Completed;
    });

    [Fact]
    public void Ids_are_positive_and_distinct() => With(slots: 500, (_, cache) =>
    {
        for (var i = 0; i < 500; i++) Assert.InRange(Open(cache, false, 1)!.Id, 1, int.MaxValue);
        Assert.Equal(500, cache.Count);
        return LoopTask.Completed;
    });

    [Fact]
    public void A_young_session_keeps_its_slot_from_its_equals_however_large() => With(slots: 2, (_, cache) =>
    {
        Open(cache, false, 1);
        Open(cache, false, 1);
        Assert.Null(Open(cache, false, 100));
        Assert.Equal(2, cache.Count);
        return LoopTask.Completed;
    });

    [Fact]
    public void A_follower_pushes_out_the_smallest_session_of_a_consumer() => With(slots: 3, (_, cache) =>
    {
        var follower = Open(cache, true, 1)!;
        var large = Open(cache, false, 9)!;
        var small = Open(cache, false, 5)!;
        var newcomer = Open(cache, true, 1)!;
        Assert.Null(cache.Find(small.Id));
        Assert.Same(large, cache.Find(large.Id));
        Open(cache, true, 1);
        Assert.Null(cache.Find(large.Id));
        Assert.Null(Open(cache, true, 1));
        Assert.NotNull(cache.Find(follower.Id) ?? cache.Find(newcomer.Id));
        return LoopTask.Completed;
    });

    [Fact]
    public void An_unused_session_goes_first_whoever_opened_it() => With(slots: 2, async (node, cache) =>
    {
        var unused = Open(cache, true, 100)!;
        await node.Clock.Delay(TimeSpan.FromSeconds(1));
        var used = Open(cache, false, 1)!;
        await node.Clock.Delay(s_aWhile);
        cache.Touch(used);
        var newcomer = Open(cache, false, 1);
        Assert.NotNull(newcomer);
        Assert.Null(cache.Find(unused.Id));
        Assert.Same(used, cache.Find(used.Id));
    });

    [Fact]
    public void An_old_session_that_is_used_yields_to_a_larger_one_only() => With(slots: 1, async (node, cache) =>
    {
        var old = Open(cache, false, 5)!;
        await node.Clock.Delay(s_aWhile);
        cache.Touch(old);
        Assert.Null(Open(cache, false, 4));
        Assert.NotNull(Open(cache, false, 6));
        Assert.Null(cache.Find(old.Id));
    });

    [Fact]
    public void An_old_followers_session_yields_to_no_consumer() => With(slots: 1, async (node, cache) =>
    {
        var old = Open(cache, true, 1)!;
        await node.Clock.Delay(s_aWhile);
        cache.Touch(old);
        Assert.Null(Open(cache, false, 100));
        Assert.NotNull(Open(cache, true, 2));
    });

    private static FetchSession? Open(FetchSessionCache cache, bool isFollower, int partitions)
    {
        var request = FetchContextTests.Request(0, 0, [.. Enumerable.Range(0, partitions).Select(p => (p, 5L))]);
        request.ReplicaId = isFollower ? 1 : -1;
        var context = FetchContext.Of(request, cache);
        return cache.Find(context.Answer([.. context.Partitions.Select(p => (p.Id, new FetchResponse.PartitionData()))]).SessionId);
    }

    private static void With(int slots, Func<Node, FetchSessionCache, LoopTask> test) => new StorageBox().Run(node => test(node, new FetchSessionCache(node, slots)));
}
