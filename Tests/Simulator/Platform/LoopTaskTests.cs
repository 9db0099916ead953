using System;
using System.Collections.Generic;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Platform;

/// <summary>The loop's own task type.</summary>
public sealed class LoopTaskTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);
    private readonly ManualLoop _loop = new();

    [Fact]
    public void A_method_that_never_waits_completes_at_once()
    {
        _loop.Run(() =>
        {
            var task = Add(2, 3);
            Assert.True(task.IsCompletedSuccessfully);
            Assert.Equal(5, task.GetAwaiter().GetResult());
            return LoopTask.Completed;
        });
        Assert.Empty(_loop.Unhandled);

        static async LoopTask<int> Add(int a, int b)
        {
            await LoopTask.Completed;
            return a + b;
        }
    }

    [Fact]
    public void A_method_that_waits_completes_later_with_its_result()
    {
        var result = 0;
        _loop.Run(async () =>
        {
            var task = Later(7);
            Assert.False(task.IsCompleted);
            result = await task;
        });
        Assert.Equal(7, result);
        Assert.Empty(_loop.Unhandled);
    }

    [Fact]
    public void Awaiting_twice_is_refused()
    {
        _loop.Run(async () =>
        {
            var task = Later(1);
            await task;
            await task;
        });
        Assert.Contains("twice", Assert.IsType<InvalidOperationException>(Assert.Single(_loop.Unhandled)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_waiters_of_one_task_are_refused()
    {
        var waiting = default(LoopTask<int>);
        _loop.Start(async () =>
        {
            waiting = Later(1);
            await waiting;
        });
        _loop.Start(async () => await waiting);
        Assert.IsType<InvalidOperationException>(Assert.Single(_loop.Unhandled));
    }

    [Fact]
    public void Awaiting_a_delay_twice_is_refused()
    {
        _loop.Run(async () =>
        {
            var delay = _loop.Delay(s_tick);
            await delay;
            await delay;
        });
        Assert.IsType<InvalidOperationException>(Assert.Single(_loop.Unhandled));
    }

    [Fact]
    public void Reading_the_result_too_early_is_refused()
    {
        _loop.Start(() =>
        {
            var task = Later(1);
            Assert.Throws<InvalidOperationException>(() => task.GetAwaiter().GetResult());
            return LoopTask.Completed;
        });
        Assert.Empty(_loop.Unhandled);
    }

    [Fact]
    public void Exceptions_reach_the_one_who_awaits_before_and_after_a_wait()
    {
        var caught = new List<string>();
        _loop.Run(async () =>
        {
            foreach (var wait in new[] { false, true })
            {
                try
                {
                    await Throw(wait);
                }
                catch (FormatException e)
                {
                    caught.Add(e.Message);
                }
            }
        });
        Assert.Equal(["at once", "later"], caught);
        Assert.Empty(_loop.Unhandled);

        async LoopTask Throw(bool wait)
        {
            if (!wait) throw new FormatException("at once");
            await _loop.Delay(s_tick);
            throw new FormatException("later");
        }
    }

    [Fact]
    public void Tasks_can_be_made_failed()
    {
        _loop.Run(async () =>
        {
            var failed = LoopTask.FromException<int>(new FormatException("made"));
            Assert.True(failed.IsCompleted);
            Assert.False(failed.IsCompletedSuccessfully);
            await failed;
        });
        Assert.Equal("made", Assert.Single(_loop.Unhandled).Message);
    }

    [Fact]
    public void The_box_of_a_method_is_used_again()
    {
        _loop.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await Later(i); // fills the pools
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) await Later(i);
            var perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
            Assert.True(perCall < 8, $"{perCall} bytes a call");
        });
        Assert.Empty(_loop.Unhandled);
    }

    [Fact]
    public void A_hundred_thousand_synchronous_continuations_do_not_overflow_the_stack()
    {
        const int Depth = 100_000;
        var start = new LoopPromise<int>();
        var result = 0;
        _loop.Start(async () =>
        {
            var chain = First();
            for (var i = 0; i < Depth; i++) chain = Next(chain);
            result = await chain;
        });
        _loop.Loop.Run(() => start.TrySetResult(1));
        Assert.Equal(Depth + 1, result);
        Assert.Empty(_loop.Unhandled);

        async LoopTask<int> First() => await start.Task;
        async LoopTask<int> Next(LoopTask<int> previous) => await previous + 1;
    }

    [Fact]
    public void Abandoned_work_never_resumes_and_runs_no_finally()
    {
        var log = new List<string>();
        _loop.Start(async () =>
        {
            try
            {
                log.Add("before");
                await _loop.Delay(s_tick);
                log.Add("after");
            }
            finally
            {
                log.Add("finally");
            }
        });
        _loop.Loop.Abandon();
        _loop.Drain();
        _loop.Loop.Run(() => log.Add("event"));
        Assert.Equal(["before"], log);
        Assert.False(_loop.Loop.IsAlive);
    }

    private async LoopTask<int> Later(int value)
    {
        await _loop.Delay(s_tick);
        return value;
    }
}
