using System;
using System.Runtime.ExceptionServices;

namespace Simulator.Platform;

/// <summary>
/// What completes a <see cref="LoopTask{T}"/>: an async method, a <see cref="LoopOperation{T}"/>, a <see cref="LoopPromise{T}"/>. A
/// class and not an interface, because each await asks it three times.
/// </summary>
public abstract class LoopTaskSource<T>
{
    private T _result = default!;
    private ExceptionDispatchInfo? _error;
    private Action? _continuation;
    private int _token;
    private bool _isIgnored;

    private protected LoopTaskSource()
    {
    }

    /// <summary>True once a result or an exception is there.</summary>
    internal bool HasOutcome { get; private set; }

    /// <summary>True once an exception is there.</summary>
    internal bool HasFailed => _error is not null;

    /// <summary>The task that completes with the present use of this source.</summary>
    internal LoopTask<T> NewTask() => new(this, _token);

    internal bool HasCompleted(int token)
    {
        AssertToken(token);
        return HasOutcome;
    }

    internal bool HasSucceeded(int token) => HasCompleted(token) && _error is null;

    /// <summary>Gives the result or throws the exception.</summary>
    internal T GetResult(int token)
    {
        AssertToken(token);
        if (!HasOutcome) throw new InvalidOperationException("A loop task was read before it had completed: await it.");
        var result = _result;
        var error = _error;
        OnRead();
        error?.Throw();
        return result;
    }

    /// <summary>Registers what to run on completion.</summary>
    internal virtual void OnCompleted(int token, Action continuation)
    {
        AssertToken(token);
        if (_continuation is not null) ThrowAwaitedTwice();
        _continuation = continuation;
    }

    /// <summary>Nobody will read the outcome.</summary>
    internal void Ignore(int token)
    {
        if (HasCompleted(token)) OnRead();
        else _isIgnored = true;
    }

    internal void SetOutcome(T result)
    {
        _result = result;
        HasOutcome = true;
    }

    internal void SetOutcome(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        HasOutcome = true;
    }

    /// <summary>Who waits for the outcome that has just been set, if anyone.</summary>
    internal Action? TakeContinuation()
    {
        if (_isIgnored) OnRead();
        var continuation = _continuation;
        _continuation = null;
        return continuation;
    }

    /// <summary>The outcome has been read; by it a source that is used again makes itself ready.</summary>
    private protected abstract void OnRead();

    /// <summary>Makes ready for another use; a second await of an old task is found out from now on.</summary>
    private protected void Renew()
    {
        _token++;
        _isIgnored = false;
        HasOutcome = false;
        _result = default!;
        _error = null;
    }

    private void AssertToken(int token)
    {
        if (token != _token) ThrowAwaitedTwice();
    }

    private static void ThrowAwaitedTwice() => throw new InvalidOperationException("A loop task was awaited twice.");
}
