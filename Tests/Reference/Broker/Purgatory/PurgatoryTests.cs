using System;
using System.Collections.Generic;
using Reference.Broker.Purgatory;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Purgatory;

public class PurgatoryTests
{
    [Fact]
    public void An_operation_that_is_satisfied_at_once_is_not_watched() => InLoop(async (purgatory, _) =>
    {
        var operation = new Flag { IsSet = true };
        Assert.True(await purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a"]));
        Assert.Equal((1, 0, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
    });

    [Fact]
    public void A_change_of_any_key_completes_it_once_and_leaves_nothing_under_the_others() => InLoop(async (purgatory, clock) =>
    {
        var operation = new Flag();
        Assert.False(await purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a", "b"]));
        Assert.Equal(0, purgatory.CheckAndComplete("a"));
        operation.IsSet = true;
        Assert.Equal(0, purgatory.CheckAndComplete("c"));
        Assert.Equal(1, purgatory.CheckAndComplete("b"));
        Assert.Equal(0, purgatory.CheckAndComplete("a"));
        await clock.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal((1, 0, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
    });

    [Fact]
    public void Without_a_change_it_expires_at_its_time() => InLoop(async (purgatory, clock) =>
    {
        var operation = new Flag();
        await purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a"]);
        await clock.Delay(TimeSpan.FromMilliseconds(999));
        Assert.Equal(0, operation.Completions);
        await clock.Delay(TimeSpan.FromMilliseconds(2));
        Assert.Equal((1, 1, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
    });

    [Fact]
    public void Without_time_it_expires_at_once() => InLoop(async (purgatory, _) =>
    {
        var operation = new Flag();
        Assert.True(await purgatory.TryCompleteElseWatch(operation, TimeSpan.Zero, ["a"]));
        Assert.Equal((1, 1, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
    });

    [Fact]
    public void Operations_of_a_key_are_tried_in_their_order_even_when_one_completes_others() => InLoop(async (purgatory, _) =>
    {
        var order = new List<string>();
        var (first, second) = (new Flag(), new Flag());
        first.Completed = () =>
        {
            order.Add("first");
            second.IsSet = true;
            purgatory.CheckAndComplete("a");
        };
        second.Completed = () => order.Add("second");
        await purgatory.TryCompleteElseWatch(first, TimeSpan.FromSeconds(1), ["a"]);
        await purgatory.TryCompleteElseWatch(second, TimeSpan.FromSeconds(1), ["a"]);
        first.IsSet = true;
        purgatory.CheckAndComplete("a");
        Assert.Equal(["first", "second"], order);
        Assert.Equal((1, 1), (first.Completions, second.Completions));
    });

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_change_between_the_try_and_the_watch_is_seen_by_a_second_try(bool triesOnceWatched, int expiries)
    {
        var caughtBetween = 0;
        for (var seed = 1UL; seed <= 40; seed++)
        {
            InLoop(
                async (purgatory, node) =>
                {
                    for (var i = 0; i < 20; i++)
                    {
                        var operation = new Flag();
                        var began = purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a"]);
                        var isBetween = purgatory.Watched == 0;
                        operation.IsSet = true;
                        purgatory.CheckAndComplete("a");
                        await began;
                        await node.Clock.Delay(TimeSpan.FromSeconds(2));
                        if (!isBetween) continue;
                        caughtBetween++;
                        Assert.Equal((1, expiries), (operation.Completions, operation.Expiries));
                    }
                },
                seed,
                triesOnceWatched);
        }

        Assert.True(caughtBetween > 0);
    }

    private static void InLoop(Func<Purgatory<string>, IClock, LoopTask> body) => InLoop((purgatory, node) => body(purgatory, node.Clock), seed: 1, triesOnceWatched: true);

    private static void InLoop(Func<Purgatory<string>, Node, LoopTask> body, ulong seed, bool triesOnceWatched)
    {
        var world = new SimWorld(seed);
        var ended = false;
        world.AddMachine("m").Start(async node =>
        {
            await body(new Purgatory<string>(node, triesOnceWatched), node);
            ended = true;
        });
        world.RunFor(TimeSpan.FromSeconds(100));
        Assert.Null(world.Failure?.Exception);
        Assert.True(ended);
    }

    private sealed class Flag : DelayedOperation
    {
        public bool IsSet { get; set; }

        public int Completions { get; private set; }

        public int Expiries { get; private set; }

        public Action? Completed { get; set; }

        protected override bool IsSatisfied() => IsSet;

        protected override void OnComplete()
        {
            Completions++;
            Completed?.Invoke();
        }

        protected override void OnExpire() => Expiries++;
    }
}
