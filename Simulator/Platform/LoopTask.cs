using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Simulator.Platform;

/// <summary>No result: the type argument behind <see cref="LoopTask"/>.</summary>
public readonly struct Nothing;

/// <summary>Work on a loop that ends now or later without a result. Await it once.</summary>
[AsyncMethodBuilder(typeof(LoopTaskMethodBuilder))]
public readonly struct LoopTask
{
    private readonly LoopTask<Nothing> _inner;

    /// <summary>Wraps a task whose result carries nothing.</summary>
    public LoopTask(LoopTask<Nothing> inner) => _inner = inner;

    /// <summary>Work that has ended.</summary>
    public static LoopTask Completed => default;

    /// <summary>True once it has ended or failed.</summary>
    public bool IsCompleted => _inner.IsCompleted;

    /// <summary>True once it has ended without an exception.</summary>
    public bool IsCompletedSuccessfully => _inner.IsCompletedSuccessfully;

    /// <summary>A task that has a result already.</summary>
    public static LoopTask<T> FromResult<T>(T result) => new(result);

    /// <summary>A task that has failed already.</summary>
    public static LoopTask<T> FromException<T>(Exception error)
    {
        var builder = LoopTaskMethodBuilder<T>.Create();
        builder.SetException(error);
        return builder.Task;
    }

    /// <summary>A task without a result that has failed already.</summary>
    public static LoopTask FromException(Exception error) => new(FromException<Nothing>(error));

    /// <summary>For the compiler's await.</summary>
    public Awaiter GetAwaiter() => new(_inner.GetAwaiter());

    /// <summary>Awaits all of them in their order; afterwards throws the first exception, if any.</summary>
    public static async LoopTask WhenAll(IReadOnlyList<LoopTask> tasks)
    {
        Exception? first = null;
        foreach (var task in tasks)
        {
            try
            {
                await task;
            }
            catch (Exception e)
            {
                first ??= e;
            }
        }

        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Lets the task run unobserved; only for tasks that cannot fail. Others are given to <see cref="Loop.Spawn"/>.</summary>
    internal void Ignore() => _inner.Ignore();

    /// <summary>Awaits a <see cref="LoopTask"/>.</summary>
    public readonly struct Awaiter(LoopTask<Nothing>.Awaiter inner) : ILoopAwaiter
    {
        /// <summary>True once it has ended or failed.</summary>
        public bool IsCompleted => inner.IsCompleted;

        /// <summary>Throws the exception if there is one.</summary>
        public void GetResult() => inner.GetResult();

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => inner.UnsafeOnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => inner.UnsafeOnCompleted(continuation);
    }
}
