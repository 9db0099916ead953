using System;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Platform.Services;

namespace Simulator.Platform;

/// <summary>The door between loop tasks and services written with plain BCL tasks.</summary>
public static class PlainTasks
{
    /// <summary>Runs a plain async method on the node's loop; its awaits resume there. Ends as the method's task does.</summary>
    public static LoopTask RunPlain(this Node node, Func<Task> method)
    {
        var ended = new LoopPromise<Nothing>();
        node.Loop.SynchronizationContext.Run(() =>
        {
            var task = method();
            var awaiter = task.GetAwaiter();
            if (awaiter.IsCompleted) Settle(ended, task);
            else awaiter.OnCompleted(() => Settle(ended, task));
        });
        return new LoopTask(ended.Task);
    }

    /// <summary>Runs a service written with plain tasks on the node's loop, over a view of the node in the style of the BCL.</summary>
    /// <param name="node">The node, simulated or real.</param>
    /// <param name="main">The service; the node's process ends when its task does.</param>
    /// <param name="stopping">Asks the service to end in order.</param>
    public static LoopTask RunService(this Node node, Func<NodeContext, Task> main, CancellationToken stopping = default) =>
        node.RunPlain(() => main(new NodeContext(node, stopping)));

    /// <summary>The loop task as a plain task; call it, and await the result, on the loop only.</summary>
    public static Task AsTask(this LoopTask task) => Forward(task).AsTask();

    /// <summary>The loop task as a plain task; call it, and await the result, on the loop only.</summary>
    public static Task<T> AsTask<T>(this LoopTask<T> task)
    {
        var awaiter = task.GetAwaiter();
        var outcome = new TaskCompletionSource<T>();
        if (awaiter.IsCompleted) Settle(outcome, awaiter);
        else awaiter.UnsafeOnCompleted(() => LoopSynchronizationContext.RunWithout(() => Settle(outcome, awaiter)));
        return outcome.Task;
    }

    private static async LoopTask<Nothing> Forward(LoopTask task)
    {
        await task;
        return default;
    }

    private static void Settle<T>(TaskCompletionSource<T> outcome, LoopTask<T>.Awaiter awaiter)
    {
        try
        {
            outcome.SetResult(awaiter.GetResult());
        }
        catch (Exception e)
        {
            outcome.TrySetException(e);
        }
    }

    private static void Settle(LoopPromise<Nothing> ended, Task task)
    {
        if (task.IsCompletedSuccessfully) ended.TrySetResult(default);
        else ended.TrySetException(task.Exception?.InnerException ?? new TaskCanceledException(task));
    }
}
