using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>
/// A loop in the real world: one dedicated thread with its own timing wheel, and an inbox into which any thread may post
/// events. It sleeps until the next timer is due or something is posted.
/// </summary>
public sealed class HostLoop
{
    /// <summary>How many socket operations of one event may end without a turn of the loop, so that one busy peer can't starve the others.</summary>
    private const int InlineCompletionsPerEvent = 64;

    /// <summary>How many bytes of files one event may read and write without a turn of the loop, so that a walk through a large file can't hold up timers and sockets.</summary>
    private const int InlineFileBytesPerEvent = 128 << 10;

    /// <summary>Rounds of a short spin after a busy turn, before the thread goes to sleep.</summary>
    private const int SpinRounds = 20;

    private readonly TimingWheel _wheel = new();
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _gate = new();
    private readonly ILogger _log;
    private readonly HashSet<IAbandonable> _calls = [];
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private List<LoopEvent> _inbox = [];
    private List<LoopEvent> _batch = [];
    private volatile bool _filled;
    private volatile bool _stopping;
    private bool _stopped;
    private int _asleep;
    private int _inlineLeft;
    private long _inlineFileBytesLeft;

    /// <summary>Starts the thread of a loop.</summary>
    public HostLoop(string name, ILoggerFactory logs)
    {
        _log = logs.CreateLogger(typeof(HostLoop).FullName!);
        Loop = new Loop(name, _wheel) { UnhandledException = OnUnhandled, PostFromElsewhere = work => Post(work) };
        _thread = new Thread(Main) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>The platform's view of it.</summary>
    public Loop Loop { get; }

    /// <summary>Ends with the first exception that no task of the loop had caught. The loop goes on: whether to end is the owner's decision.</summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>Ends when the thread has ended after <see cref="StopAsync"/>.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Microseconds since the loop was made.</summary>
    internal long NowMicros => (long)Stopwatch.GetElapsedTime(_startedAt).TotalMicroseconds;

    /// <summary>Hands an event to the loop, from any thread; each event only once at a time. False if the loop has stopped.</summary>
    public bool Post(LoopEvent item)
    {
        lock (_gate)
        {
            if (_stopped) return false;
            _inbox.Add(item);
            _filled = true;
        }

        Wake();
        return true;
    }

    /// <summary>Hands work to the loop, from any thread. False if the loop has stopped.</summary>
    public bool Post(Action work) => Post(new PostedAction(work));

    /// <summary>Starts work on the loop and ends when it has ended. Continuations run on the thread pool.</summary>
    /// <exception cref="LoopStoppedException">The loop stopped before.</exception>
    public Task RunAsync(Func<LoopTask> work) => InvokeAsync(async () =>
    {
        await work();
        return default(Nothing);
    });

    /// <summary>Starts work on the loop and ends with its result. Continuations run on the thread pool.</summary>
    /// <exception cref="LoopStoppedException">The loop stopped before.</exception>
    public Task<T> InvokeAsync<T>(Func<LoopTask<T>> work)
    {
        var call = new Call<T>(this, work);
        if (!Post(call)) call.Abandon();
        return call.Task;
    }

    /// <summary>Ends the thread after what has been posted so far; what still waits on the loop is abandoned.</summary>
    public async Task StopAsync()
    {
        Post(() => _stopping = true);
        await Completion;
        _thread.Join(); // a moment: the end of the loop is the last thing its thread does
    }

    /// <summary>May an operation that has ended already be given back without a turn of the loop?</summary>
    internal bool MayCompleteInline() => --_inlineLeft > 0;

    /// <summary>May a read or write of a file, which has been done already, be given back without a turn of the loop?</summary>
    internal bool MayCompleteInline(int fileBytes) => (_inlineFileBytesLeft -= fileBytes) > 0;

    private void Main()
    {
        Loop.Adopt();
        while (!_stopping)
        {
            var worked = DrainInbox();
            worked |= FireDue();
            if (worked) Spin();
            else Sleep();
        }

        End();
    }

    private bool DrainInbox()
    {
        if (!_filled) return false;
        lock (_gate)
        {
            (_inbox, _batch) = (_batch, _inbox);
            _filled = false;
        }

        foreach (var item in _batch) RunOne(item);
        _batch.Clear();
        return true;
    }

    private bool FireDue()
    {
        var limit = NowMicros;
        var any = false;
        while (_wheel.TakeNext(limit) is { } item)
        {
            RunOne(item);
            any = true;
        }

        return any;
    }

    private void RunOne(LoopEvent item)
    {
        _inlineLeft = InlineCompletionsPerEvent;
        _inlineFileBytesLeft = InlineFileBytesPerEvent;
        Loop.Run(item);
    }

    private void Spin()
    {
        for (var i = 0; i < SpinRounds && !_filled; i++) Thread.SpinWait(16);
    }

    private void Sleep()
    {
        var next = _wheel.NextWakeupMicros();
        var millis = next == long.MaxValue ? -1 : (int)Math.Clamp((next - NowMicros + 999) / 1000, 0, int.MaxValue);
        if (millis == 0) return;
        Interlocked.Exchange(ref _asleep, 1);
        if (!_filled) _wake.WaitOne(millis);
        Interlocked.Exchange(ref _asleep, 0);
    }

    private void Wake()
    {
        if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1) _wake.Set();
    }

    private void End()
    {
        lock (_gate)
        {
            _stopped = true;
            foreach (var item in _inbox) (item as IAbandonable)?.Abandon();
            _inbox.Clear();
        }

        Loop.Abandon();
        foreach (var call in _calls) call.Abandon();
        _calls.Clear();
        _completion.TrySetResult();
    }

    private void OnUnhandled(Exception error)
    {
        _log.LogError(error, "A task on the loop of {Node} failed and nobody had asked to hear of it: {Message}", Loop.Name, error.Message);
        _failure.TrySetResult(error);
    }

    private sealed class PostedAction(Action work) : LoopEvent
    {
        protected override void Fire() => work();
    }

    private sealed class Call<T>(HostLoop host, Func<LoopTask<T>> work) : LoopEvent, IAbandonable
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _outcome.Task;

        public void Abandon() => _outcome.TrySetException(new LoopStoppedException(host.Loop.Name));

        protected override void Fire()
        {
            host._calls.Add(this);
            host.Loop.Spawn(Perform());
        }

        private async LoopTask Perform()
        {
            try
            {
                _outcome.TrySetResult(await work());
            }
            catch (Exception e)
            {
                _outcome.TrySetException(e);
            }

            host._calls.Remove(this);
        }
    }
}

/// <summary>A loop stopped before the work handed to it had ended.</summary>
public sealed class LoopStoppedException(string loop) : Exception($"The loop of {loop} has stopped; what it was doing was abandoned.");
