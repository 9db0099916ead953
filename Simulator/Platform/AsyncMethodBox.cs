using System;
using System.Runtime.CompilerServices;

namespace Simulator.Platform;

/// <summary>The heap part of a suspended loop method: its outcome and who waits for it.</summary>
internal abstract class AsyncMethodBox<T> : LoopTaskSource<T>
{
    /// <summary>Resumes the method; made once per box.</summary>
    public Action MoveNext { get; protected init; } = null!;

    public void SetResult(T result)
    {
        SetOutcome(result);
        Resume();
    }

    public void SetException(Exception exception)
    {
        SetOutcome(exception);
        Resume();
    }

    private void Resume()
    {
        if (TakeContinuation() is { } continuation) Loop.Current.ResumeNested(continuation);
    }
}

/// <summary>The box of one async method, pooled per thread.</summary>
internal sealed class AsyncMethodBox<T, TStateMachine> : AsyncMethodBox<T>
    where TStateMachine : IAsyncStateMachine
{
    private const int MaxPooled = 256;

    [ThreadStatic]
    private static AsyncMethodBox<T, TStateMachine>? t_pooled;

    public TStateMachine StateMachine = default!;
    private AsyncMethodBox<T, TStateMachine>? _nextPooled;
    private int _pooledBehind;

    private AsyncMethodBox() => MoveNext = () => StateMachine.MoveNext();

    public static AsyncMethodBox<T, TStateMachine> Rent()
    {
        ref var pooled = ref t_pooled;
        if (pooled is not { } box) return new AsyncMethodBox<T, TStateMachine>();
        pooled = box._nextPooled;
        box._nextPooled = null;
        return box;
    }

    private protected override void OnRead()
    {
        Renew();
        StateMachine = default!;
        ref var pooled = ref t_pooled;
        var behind = pooled is null ? 0 : pooled._pooledBehind + 1;
        if (behind >= MaxPooled) return;
        _pooledBehind = behind;
        _nextPooled = pooled;
        pooled = this;
    }
}
