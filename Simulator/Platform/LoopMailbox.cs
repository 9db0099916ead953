using System;
using System.Collections.Generic;

namespace Simulator.Platform;

/// <summary>A first-in-first-out queue between tasks of one loop; each item goes to one receiver.</summary>
public sealed class LoopMailbox<T>
{
    private readonly Queue<T> _items = new();
    private readonly Queue<LoopPromise<bool>> _receivers = new();
    private bool _closed;

    /// <summary>Number of items waiting.</summary>
    public int Count => _items.Count;

    /// <summary>Adds an item; false if the mailbox is closed.</summary>
    public bool Send(T item)
    {
        if (_closed) return false;
        _items.Enqueue(item);
        WakeOne();
        return true;
    }

    /// <summary>Takes an item if one is there.</summary>
    public bool TryReceive(out T item) => _items.TryDequeue(out item!);

    /// <summary>Waits for an item.</summary>
    /// <exception cref="MailboxClosedException">Closed, and nothing is left.</exception>
    public async LoopTask<T> Receive()
    {
        while (true)
        {
            if (_items.TryDequeue(out var item)) return item;
            if (_closed) throw new MailboxClosedException();
            var receiver = new LoopPromise<bool>();
            _receivers.Enqueue(receiver);
            await receiver.Task;
        }
    }

    /// <summary>Refuses new items; receivers get what is left, then <see cref="MailboxClosedException"/>.</summary>
    public void Close()
    {
        _closed = true;
        while (_receivers.Count > 0) WakeOne();
    }

    private void WakeOne()
    {
        if (_receivers.TryDequeue(out var receiver)) receiver.TrySetResult(true);
    }
}

/// <summary>A mailbox was closed and is empty.</summary>
public sealed class MailboxClosedException() : Exception("The mailbox is closed.");
