using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Simulator.Platform;

/// <summary>The heap part of a suspended loop method: its outcome and who waits for it.</summary>
internal abstract class AsyncMethodBox<T> : ILoopTaskSource<T>
{
    private bool _completed;
    private T _result = default!;
    private ExceptionDispatchInfo? _error;
    private Action? _continuation;

    /// <summary>Grows each time the box is used again, so that a second await of an old task is found out.</summary>
    public int Token { get; private set; }

    /// <summary>Resumes the method; made once per box.</summary>
    public Action MoveNext { get; protected init; } = null!;

    public bool IsCompleted(int token)
    {
        AssertToken(token);
        return _completed;
    }

    public bool IsCompletedSuccessfully(int token) => IsCompleted(token) && _error is null;

    public void SetResult(T result)
    {
        _result = result;
        Complete();
    }

    public void SetException(Exception exception)
    {
        _error = ExceptionDispatchInfo.Capture(exception);
        Complete();
    }

    public T GetResult(int token)
    {
        AssertToken(token);
        if (!_completed) throw new InvalidOperationException("A loop task was read before it had completed: await it.");
        var result = _result;
        var error = _error;
        Token++;
        _completed = false;
        _result = default!;
        _error = null;
        Return();
        error?.Throw();
        return result;
    }

    public void OnCompleted(int token, Action continuation)
    {
        AssertToken(token);
        if (_continuation is not null) throw new InvalidOperationException("A loop task was awaited twice.");
        _continuation = continuation;
    }

    protected abstract void Return();

    private void Complete()
    {
        _completed = true;
        var continuation = _continuation;
        _continuation = null;
        if (continuation is not null) Loop.Current.Resume(continuation);
    }

    private void AssertToken(int token)
    {
        if (token != Token) throw new InvalidOperationException("A loop task was awaited twice.");
    }
}

/// <summary>The box of one async method, pooled per thread.</summary>
internal sealed class AsyncMethodBox<T, TStateMachine> : AsyncMethodBox<T>
    where TStateMachine : IAsyncStateMachine
{
    private const int MaxPooled = 256;

    [ThreadStatic]
    private static Stack<AsyncMethodBox<T, TStateMachine>>? t_pool;

    public TStateMachine StateMachine = default!;

    private AsyncMethodBox() => MoveNext = () => StateMachine.MoveNext();

    public static AsyncMethodBox<T, TStateMachine> Rent() =>
        (t_pool ??= new()).TryPop(out var box) ? box : new AsyncMethodBox<T, TStateMachine>();

    protected override void Return()
    {
        StateMachine = default!;
        var pool = t_pool ??= new();
        if (pool.Count < MaxPooled) pool.Push(this);
    }
}
