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
    public void An_operation_that_is_satisfied_at_once_is_not_watched() => InLoop((purgatory, _) =>
    {
        var operation = new Flag { IsSet = true };
        Assert.True(purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a"]));
        Assert.Equal((1, 0, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
        return LoopTask.Completed;
    });

    [Fact]
    public void A_change_of_any_key_completes_it_once_and_leaves_nothing_under_the_others() => InLoop(async (purgatory, clock) =>
    {
        var operation = new Flag();
        Assert.False(purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a", "b"]));
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
        purgatory.TryCompleteElseWatch(operation, TimeSpan.FromSeconds(1), ["a"]);
        await clock.Delay(TimeSpan.FromMilliseconds(999));
        Assert.Equal(0, operation.Completions);
        await clock.Delay(TimeSpan.FromMilliseconds(2));
        Assert.Equal((1, 1, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
    });

    [Fact]
    public void Without_time_it_expires_at_once() => InLoop((purgatory, _) =>
    {
        var operation = new Flag();
        Assert.True(purgatory.TryCompleteElseWatch(operation, TimeSpan.Zero, ["a"]));
        Assert.Equal((1, 1, 0), (operation.Completions, operation.Expiries, purgatory.Watched));
        return LoopTask.Completed;
    });

    [Fact]
    public void Operations_of_a_key_are_tried_in_their_order_even_when_one_completes_others() => InLoop((purgatory, _) =>
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
        purgatory.TryCompleteElseWatch(first, TimeSpan.FromSeconds(1), ["a"]);
        purgatory.TryCompleteElseWatch(second, TimeSpan.FromSeconds(1), ["a"]);
        first.IsSet = true;
        purgatory.CheckAndComplete("a");
        Assert.Equal(["first", "second"], order);
        Assert.Equal((1, 1), (first.Completions, second.Completions));
        return LoopTask.Completed;
    });

    private static void InLoop(Func<Purgatory<string>, IClock, LoopTask> body)
    {
        var world = new SimWorld(1);
        var ended = false;
        world.AddMachine("m").Start(async node =>
        {
            await body(new Purgatory<string>(node.Clock), node.Clock);
            ended = true;
        });
        world.RunFor(TimeSpan.FromSeconds(10));
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
