using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>A thread for disk operations that may block for long (fsync, deletion of trees); their completions are posted back to the loop.</summary>
internal sealed class IoThread(HostLoop loop)
{
    private readonly BlockingCollection<IIoWork> _queue = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;

    private interface IIoWork
    {
        void Perform();
    }

    /// <summary>Ends when the thread has ended after <see cref="Stop"/>, with all that was queued done.</summary>
    public Task Completion => Joined();

    /// <summary>Performs the work on the thread; the task ends on the loop. Only from the loop.</summary>
    public LoopTask<T> Run<T>(string path, Func<T> work)
    {
        if (_queue.IsAddingCompleted) return LoopTask.FromException<T>(new DiskException(DiskError.Closed, $"The disk has been closed; nothing is done with {path}."));
        StartOnce();
        var operation = new Operation<T>(loop, path, work);
        _queue.Add(operation);
        return operation.Task;
    }

    /// <summary>Ends the thread after what has been queued.</summary>
    public void Stop()
    {
        _queue.CompleteAdding();
        if (_thread is null) _completion.TrySetResult();
    }

    private async Task Joined()
    {
        await _completion.Task;
        _thread?.Join();
    }

    private void StartOnce()
    {
        if (_thread is not null) return;
        _thread = new Thread(Main) { Name = loop.Loop.Name + "-disk", IsBackground = true };
        _thread.Start();
    }

    private void Main()
    {
        foreach (var work in _queue.GetConsumingEnumerable()) work.Perform();
        _completion.TrySetResult();
    }

    private sealed class Operation<T> : LoopOperation<T>, IIoWork
    {
        private readonly HostLoop _loop;
        private readonly string _path;
        private readonly Func<T> _work;
        private T _outcome = default!;
        private Exception? _failure;

        public Operation(HostLoop loop, string path, Func<T> work)
        {
            _loop = loop;
            _path = path;
            _work = work;
            Owner = loop.Loop;
        }

        public void Perform()
        {
            try
            {
                _outcome = _work();
            }
            catch (Exception e)
            {
                _failure = DiskErrors.Map(e, _path);
            }

            _loop.Post(this);
        }

        protected override void Fire()
        {
            if (_failure is null) Complete(_outcome);
            else Fault(_failure);
        }
    }
}
