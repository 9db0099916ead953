using System;
using System.Collections.Generic;
using System.Threading;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Platform;

/// <summary>The loop: its order, its failures, its thread.</summary>
public sealed class LoopTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);
    private readonly ManualLoop _loop = new();

    [Fact]
    public void What_becomes_ready_in_an_event_runs_before_the_next_event()
    {
        var log = new List<string>();
        _loop.Loop.Run(() =>
        {
            _loop.Schedule(TimeSpan.Zero, () => log.Add("timer"));
            _loop.Loop.Post(() =>
            {
                log.Add("first");
                _loop.Loop.Post(() => log.Add("third"));
            });
            _loop.Loop.Post(() => log.Add("second"));
            log.Add("event");
        });
        _loop.Drain();
        Assert.Equal(["event", "first", "second", "third", "timer"], log);
        Assert.Equal(2, _loop.Loop.EventsFired);
    }

    [Fact]
    public void The_failure_of_a_spawned_task_goes_to_the_handler_and_the_loop_goes_on()
    {
        var went = false;
        _loop.Start(async () =>
        {
            _loop.Loop.Spawn(Fail());
            await _loop.Delay(s_tick);
            went = true;
        });
        _loop.Drain();
        Assert.True(went);
        Assert.Equal("spawned", Assert.IsType<FormatException>(Assert.Single(_loop.Unhandled)).Message);

        async LoopTask Fail()
        {
            await _loop.Delay(TimeSpan.Zero);
            throw new FormatException("spawned");
        }
    }

    [Fact]
    public void The_failure_of_a_timer_goes_to_the_handler()
    {
        _loop.Loop.Run(() => _loop.Schedule(s_tick, () => throw new FormatException("timer")));
        _loop.Drain();
        Assert.Equal("timer", Assert.Single(_loop.Unhandled).Message);
    }

    [Fact]
    public void Without_a_handler_the_failure_of_a_spawned_task_comes_out_of_the_loop()
    {
        var bare = new ManualLoop(catchUnhandled: false);
        var error = Assert.Throws<UnobservedLoopException>(() => bare.Run(async () =>
        {
            await bare.Delay(s_tick);
            throw new FormatException("nobody heard");
        }));
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Null(Loop.CurrentOrNull);
    }

    [Fact]
    public void An_event_that_throws_leaves_its_loop()
    {
        var bare = new ManualLoop(catchUnhandled: false);
        Assert.Throws<FormatException>(() => bare.Loop.Run(() => throw new FormatException()));
        Assert.Null(Loop.CurrentOrNull);
        bare.Loop.Abandon(); // possible only between two events
    }

    [Fact]
    public void A_loop_cannot_be_abandoned_from_inside()
    {
        _loop.Loop.Run(() => Assert.Throws<InvalidOperationException>(_loop.Loop.Abandon));
        Assert.Empty(_loop.Unhandled);
        Assert.True(_loop.Loop.IsAlive);
    }

    [Fact]
    public void Outside_of_any_loop_there_is_no_current_one()
    {
        Assert.Null(Loop.CurrentOrNull);
        Assert.Throws<LoopAffinityException>(() => Loop.Current);
    }

    [Fact]
    public void A_foreign_thread_is_found_out_and_named()
    {
        var promise = new LoopPromise<int>();
        _loop.Start(async () => await promise.Task);
        var errors = new List<Exception>();
        var thread = new Thread(() =>
        {
            Catch(() => promise.TrySetResult(1));
            Catch(() => _loop.Loop.Post(() => { }));
            Catch(() => _loop.Loop.Run(() => { }));
            Catch(() => _loop.Loop.Schedule(new Nudge(), 5));
        });
        thread.Start();
        thread.Join();
        Assert.Equal(4, errors.Count);
        Assert.All(errors, error => Assert.Contains("manual", Assert.IsType<LoopAffinityException>(error).Message, StringComparison.Ordinal));
        Assert.Contains(nameof(A_foreign_thread_is_found_out_and_named), _loop.Loop.Leak, StringComparison.Ordinal);

        void Catch(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
        }
    }

    [Fact]
    public void An_idle_loop_can_move_to_another_thread()
    {
        var ran = false;
        var thread = new Thread(() =>
        {
            _loop.Loop.Adopt();
            _loop.Loop.Run(() => ran = true);
        });
        thread.Start();
        thread.Join();
        Assert.True(ran);
        Assert.Throws<LoopAffinityException>(() => _loop.Loop.Run(() => { }));
    }

    private sealed class Nudge : LoopEvent
    {
        protected override void Fire()
        {
        }
    }
}
