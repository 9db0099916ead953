using System;
using System.Collections.Generic;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What the loop and its primitives promise in every world.</summary>
public abstract class LoopContract(IContractWorld world) : ContractTests(world)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(2);

    [Fact]
    public void Code_of_a_node_runs_on_its_own_loop_before_and_after_every_kind_of_wait()
    {
        Connected(Check, Check);

        static async LoopTask Check(Node node, IConnection connection)
        {
            Assert.Same(node.Loop, Loop.Current);
            await node.Clock.Delay(s_tick);
            Assert.Same(node.Loop, Loop.Current);
            await connection.Write(new byte[1]);
            await connection.Read(new byte[1]);
            Assert.Same(node.Loop, Loop.Current);
            var file = await node.Disk.Open("f", OpenMode.CreateNew);
            await file.Sync();
            Assert.Same(node.Loop, Loop.Current);
        }
    }

    [Fact]
    public void A_mailbox_is_first_in_first_out_and_each_item_goes_to_one_receiver() => World.Run(async a =>
    {
        var mailbox = new LoopMailbox<int>();
        var got = new List<int>();
        a.Spawn(Receive());
        a.Spawn(Receive());
        for (var i = 0; i < 100; i++)
        {
            Assert.True(mailbox.Send(i));
            if (i % 10 == 0) await a.Clock.Delay(TimeSpan.FromMicroseconds(10));
        }

        await a.Clock.Delay(s_tick);
        mailbox.Close();
        Assert.False(mailbox.Send(100));
        Assert.Equal(100, got.Count);
        for (var i = 0; i < 100; i++) Assert.Equal(i, got[i]);

        async LoopTask Receive()
        {
            try
            {
                while (true) got.Add(await mailbox.Receive());
            }
            catch (MailboxClosedException)
            {
                // the end
            }
        }
    });

    [Fact]
    public void A_closed_mailbox_gives_what_is_left_and_then_refuses() => World.Run(async a =>
    {
        var mailbox = new LoopMailbox<int>();
        mailbox.Send(1);
        mailbox.Send(2);
        mailbox.Close();
        Assert.Equal(1, await mailbox.Receive());
        Assert.True(mailbox.TryReceive(out var second));
        Assert.Equal(2, second);
        await Expect.Thrown<MailboxClosedException>(mailbox.Receive().AsVoid());
    });

    [Fact]
    public void A_lock_keeps_awaits_whole_and_serves_in_order() => World.Run(async a =>
    {
        var gate = new LoopLock();
        var log = new List<string>();
        var tasks = new List<LoopTask>();
        for (var i = 0; i < 5; i++) tasks.Add(Work(i));
        await LoopTask.WhenAll(tasks);
        Assert.Equal(["0+", "0-", "1+", "1-", "2+", "2-", "3+", "3-", "4+", "4-"], log);
        Assert.False(gate.IsHeld);
        Assert.Throws<InvalidOperationException>(gate.Release);

        async LoopTask Work(int number)
        {
            await gate.Acquire();
            log.Add(number + "+");
            await a.Clock.Delay(TimeSpan.FromMicroseconds(100 * (5 - number)));
            log.Add(number + "-");
            gate.Release();
        }
    });

    [Fact]
    public void A_signal_is_remembered_once_and_wakes_its_waiter() => World.Run(async a =>
    {
        var signal = new LoopSignal();
        signal.Set();
        signal.Set();
        await signal.Wait();
        Assert.False(await signal.Wait(a.Clock, s_tick));
        a.Clock.Schedule(s_tick, signal.Set);
        Assert.True(await signal.Wait(a.Clock, Patience));
        a.Clock.Schedule(s_tick, signal.Set);
        await signal.Wait();
    });

    [Fact]
    public void A_signal_that_timed_out_forgets_its_waiter() => World.Run(async a =>
    {
        var signal = new LoopSignal();
        Assert.False(await signal.Wait(a.Clock, s_tick));
        signal.Set();
        Assert.True(await signal.Wait(a.Clock, TimeSpan.Zero));
    });

    [Fact]
    public void A_promise_wakes_all_who_wait_after_the_code_that_kept_it() => World.Run(async a =>
    {
        var promise = new LoopPromise<int>();
        var log = new List<string>();
        a.Spawn(Wait("one"));
        a.Spawn(Wait("two"));
        await a.Clock.Delay(s_tick);
        Assert.True(promise.TrySetResult(5));
        log.Add("kept");
        Assert.False(promise.TrySetResult(6));
        Assert.False(promise.TrySetException(new InvalidOperationException()));
        await a.Clock.Delay(s_tick);
        Assert.Equal(["kept", "one 5", "two 5"], log);
        Assert.Equal(5, await promise.Task);
        Assert.Equal(5, await promise.Task);

        async LoopTask Wait(string name) => log.Add($"{name} {await promise.Task}");
    });

    [Fact]
    public void A_promise_can_fail_and_can_be_waited_for_with_a_limit() => World.Run(async a =>
    {
        var promise = new LoopPromise<int>();
        Assert.False(await promise.WaitFor(a.Clock, s_tick));
        Assert.Throws<InvalidOperationException>(() => promise.Result);
        a.Clock.Schedule(s_tick, () => promise.TrySetException(new FormatException("broken")));
        Assert.True(await promise.WaitFor(a.Clock, Patience));
        Assert.True(promise.IsFaulted);
        var error = await Expect.Thrown<FormatException>(promise.Task.AsVoid());
        Assert.Equal("broken", error.Message);
    });

    [Fact]
    public void An_exception_crosses_waits_to_whoever_awaits() => World.Run(async a =>
    {
        var error = await Expect.Thrown<FormatException>(Outer());
        Assert.Equal("deep", error.Message);

        async LoopTask Outer() => await Inner(3);

        async LoopTask<int> Inner(int depth)
        {
            await a.Clock.Delay(TimeSpan.FromMicroseconds(10));
            return depth == 0 ? throw new FormatException("deep") : await Inner(depth - 1);
        }
    });

    [Fact]
    public void When_all_waits_for_all_and_throws_the_first_failure() => World.Run(async a =>
    {
        var ended = 0;
        var error = await Expect.Thrown<FormatException>(LoopTask.WhenAll([Work(3, null), Work(2, "first"), Work(1, "second"), Work(4, null)]));
        Assert.Equal("first", error.Message);
        Assert.Equal(4, ended);

        async LoopTask Work(int millis, string? failure)
        {
            await a.Clock.Delay(TimeSpan.FromMilliseconds(millis));
            ended++;
            if (failure is not null) throw new FormatException(failure);
        }
    });

    [Fact]
    public void Random_streams_are_kept_by_name() => World.Run(a =>
    {
        Assert.Same(a.Random.Stream("x"), a.Random.Stream("x"));
        Assert.NotSame(a.Random.Stream("x"), a.Random.Stream("y"));
        Assert.NotEqual(a.Random.Stream("x").NextUInt64(), a.Random.Stream("y").NextUInt64());
        return LoopTask.Completed;
    });
}
