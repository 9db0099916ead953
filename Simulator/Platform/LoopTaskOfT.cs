using System;
using System.Runtime.CompilerServices;

namespace Simulator.Platform;

/// <summary>
/// The result, now or later, of work on a loop. Await it once: behind it stands a pooled object that is used again.
/// </summary>
[AsyncMethodBuilder(typeof(LoopTaskMethodBuilder<>))]
public readonly struct LoopTask<T>
{
    private readonly LoopTaskSource<T>? _source;
    private readonly T _result;
    private readonly int _token;

    /// <summary>A task that has completed with a result.</summary>
    public LoopTask(T result)
    {
        _source = null;
        _result = result;
        _token = 0;
    }

    /// <summary>A task that completes when its source does.</summary>
    internal LoopTask(LoopTaskSource<T> source, int token)
    {
        _source = source;
        _result = default!;
        _token = token;
    }

    /// <summary>True once a result or an exception is there.</summary>
    public bool IsCompleted => _source is null || _source.HasCompleted(_token);

    /// <summary>True once it has completed without an exception.</summary>
    public bool IsCompletedSuccessfully => _source is null || _source.HasSucceeded(_token);

    /// <summary>For the compiler's await.</summary>
    public Awaiter GetAwaiter() => new(this);

    /// <summary>The same task without its result.</summary>
    public LoopTask AsVoid() => new(DropResult(this));

    /// <summary>Nobody will read the outcome: what stands behind the task is used again without that.</summary>
    internal void Ignore() => _source?.Ignore(_token);

    private static async LoopTask<Nothing> DropResult(LoopTask<T> task)
    {
        await task;
        return default;
    }

    /// <summary>Awaits a <see cref="LoopTask{T}"/>.</summary>
    public readonly struct Awaiter(LoopTask<T> task) : ILoopAwaiter
    {
        /// <summary>True once a result or an exception is there.</summary>
        public bool IsCompleted => task.IsCompleted;

        /// <summary>The result, or the exception thrown.</summary>
        public T GetResult() => task._source is null ? task._result : task._source.GetResult(task._token);

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation)
        {
            if (task._source is null) Loop.Current.ResumeNested(continuation);
            else task._source.OnCompleted(task._token, continuation);
        }
    }
}
