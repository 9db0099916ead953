using System;
using System.Threading.Tasks;

namespace Simulator.Platform;

/// <summary>The door between loop tasks and services written with plain BCL tasks.</summary>
public static class PlainTasks
{
    /// <summary>Runs a plain async method on the node's loop; its awaits resume there. Ends as the method's task does.</summary>
    public static LoopTask RunPlain(this Node node, Func<Task> method)
    {
        var ended = new LoopPromise<Nothing>();
        var context = new LoopSynchronizationContext(node.Loop);
        context.Run(() =>
        {
            var task = method();
            var awaiter = task.GetAwaiter();
            if (awaiter.IsCompleted) Settle(ended, task);
            else awaiter.OnCompleted(() => Settle(ended, task));
        });
        return new LoopTask(ended.Task);
    }

    private static void Settle(LoopPromise<Nothing> ended, Task task)
    {
        if (task.IsCompletedSuccessfully) ended.TrySetResult(default);
        else ended.TrySetException(task.Exception?.InnerException ?? new TaskCanceledException(task));
    }
}
