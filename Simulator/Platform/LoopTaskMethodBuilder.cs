using System;
using System.Runtime.CompilerServices;

namespace Simulator.Platform;

/// <summary>The compiler's builder of <c>async LoopTask&lt;T&gt;</c> methods: pooled, and closed to foreign awaiters.</summary>
public struct LoopTaskMethodBuilder<T>
{
    private AsyncMethodBox<T>? _box;
    private T _result;

    /// <summary>A builder for one call.</summary>
    public static LoopTaskMethodBuilder<T> Create() => default;

    /// <summary>The task handed to the caller.</summary>
    public LoopTask<T> Task => _box is null ? new LoopTask<T>(_result) : _box.NewTask();

    /// <summary>Runs the method up to its first suspension.</summary>
    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Unused: state machines are never boxed by the runtime here.</summary>
    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method returned.</summary>
    public void SetResult(T result)
    {
        if (_box is null) _result = result;
        else _box.SetResult(result);
    }

    /// <summary>The method threw.</summary>
    public void SetException(Exception exception)
    {
        _box ??= AsyncMethodBox<T, FailedStateMachine>.Rent();
        _box.SetException(exception);
    }

    /// <summary>Suspends; only awaiters of the loop fit.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ILoopAwaiter where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(BoxFor(ref stateMachine));

    /// <summary>Suspends; only awaiters of the loop fit.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ILoopAwaiter where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(BoxFor(ref stateMachine));

    private Action BoxFor<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (_box is null)
        {
            var box = AsyncMethodBox<T, TStateMachine>.Rent();
            _box = box; // before the copy, so that the boxed state machine's own builder knows its box
            box.StateMachine = stateMachine;
        }

        return _box.MoveNext;
    }

    /// <summary>Stands for a method that threw before its first suspension.</summary>
    private struct FailedStateMachine : IAsyncStateMachine
    {
        public void MoveNext()
        {
        }

        public void SetStateMachine(IAsyncStateMachine stateMachine)
        {
        }
    }
}

/// <summary>The compiler's builder of <c>async LoopTask</c> methods.</summary>
public struct LoopTaskMethodBuilder
{
    private LoopTaskMethodBuilder<Nothing> _inner;

    /// <summary>A builder for one call.</summary>
    public static LoopTaskMethodBuilder Create() => default;

    /// <summary>The task handed to the caller.</summary>
    public LoopTask Task => new(_inner.Task);

    /// <summary>Runs the method up to its first suspension.</summary>
    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Unused: state machines are never boxed by the runtime here.</summary>
    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method returned.</summary>
    public void SetResult() => _inner.SetResult(default);

    /// <summary>The method threw.</summary>
    public void SetException(Exception exception) => _inner.SetException(exception);

    /// <summary>Suspends; only awaiters of the loop fit.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ILoopAwaiter where TStateMachine : IAsyncStateMachine =>
        _inner.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>Suspends; only awaiters of the loop fit.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ILoopAwaiter where TStateMachine : IAsyncStateMachine =>
        _inner.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
