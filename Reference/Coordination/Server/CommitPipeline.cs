using System;
using System.Collections.Generic;
using Reference.Coordination.Jute;
using Reference.Coordination.Tree;
using Simulator.Platform;

namespace Reference.Coordination.Server;

/// <summary>
/// Group commit. Transactions of one turn of the loop share one write and one sync. Whatever leaves the server, replies, reads
/// and watch events alike, leaves in order and only after everything it may have seen is durable.
/// </summary>
internal sealed class CommitPipeline
{
    private readonly Node _node;
    private readonly TransactionLog _log;
    private readonly ZnodeTree _tree;
    private readonly int _snapshotEvery;
    private readonly Action<Exception> _onFailure;
    private readonly Action _start;
    private readonly JuteWriter _batch = new(4096);
    private readonly List<LoopPromise<Nothing>> _barriers = [];
    private List<Action> _outputs = [];
    private int _batchCount;
    private long _batchFirst;
    private long _sinceSnapshot;
    private bool _busy;
    private bool _failed;
    private LoopPromise<Nothing>? _idle;

    public CommitPipeline(Node node, TransactionLog log, ZnodeTree tree, int snapshotEvery, Action<Exception> onFailure)
    {
        _node = node;
        _log = log;
        _tree = tree;
        _snapshotEvery = snapshotEvery;
        _onFailure = onFailure;
        DurableZxid = tree.LastZxid;
        _start = () => Loop.Current.Spawn(Commit());
    }

    /// <summary>The last transaction known to be durable; the tree may be ahead of it.</summary>
    public long DurableZxid { get; private set; }

    /// <summary>Takes a transaction that has just been applied to the tree.</summary>
    public void Add(Transaction transaction)
    {
        if (_batchCount == 0) _batchFirst = transaction.Zxid;
        TransactionCodec.Write(_batch, transaction);
        _batchCount++;
        if (_busy) return;
        _busy = true;
        Loop.Current.Post(_start);
    }

    /// <summary>Runs the output now if everything is durable, else after the sync that makes it so.</summary>
    public void Release(Action output)
    {
        if (_failed) return;
        if (_busy) _outputs.Add(output);
        else output();
    }

    /// <summary>Ends when all outputs released so far have run, or the disk has failed.</summary>
    public LoopTask Barrier()
    {
        if (!_busy || _failed) return LoopTask.Completed;
        var barrier = new LoopPromise<Nothing>();
        _barriers.Add(barrier);
        _outputs.Add(() =>
        {
            _barriers.Remove(barrier);
            barrier.TrySetResult(default);
        });
        return new LoopTask(barrier.Task);
    }

    /// <summary>Ends when nothing is on its way to the disk.</summary>
    public LoopTask Idle()
    {
        if (!_busy || _failed) return LoopTask.Completed;
        _idle ??= new LoopPromise<Nothing>();
        return new LoopTask(_idle.Task);
    }

    private async LoopTask Commit()
    {
        try
        {
            while (_batchCount > 0 || _outputs.Count > 0) await CommitBatch();
        }
        catch (DiskException e)
        {
            // What is durable is unknown and the tree is ahead of it. Nothing of it has been told to anyone.
            _failed = true;
            _outputs.Clear();
            foreach (var barrier in _barriers) barrier.TrySetResult(default);
            _onFailure(e);
        }

        _busy = false;
        _idle?.TrySetResult(default);
        _idle = null;
    }

    private async LoopTask CommitBatch()
    {
        var outputs = _outputs;
        _outputs = [];
        byte[]? snapshot = null;
        var snapshotZxid = _tree.LastZxid;
        if (_batchCount > 0)
        {
            var first = _batchFirst;
            var frame = LogFormat.Frame(_batchCount, _batch.Written.Span);
            _sinceSnapshot += _batchCount;
            _batchCount = 0;
            _batch.Clear();
            if (_sinceSnapshot >= _snapshotEvery || _node.Buggify("store-snapshot-early"))
            {
                snapshot = SnapshotFormat.Write(_tree); // now, while the tree holds this batch and no later one
                _sinceSnapshot = 0;
            }

            await _log.Append(first, frame);
            DurableZxid = snapshotZxid;
        }

        foreach (var output in outputs) output();
        if (snapshot is not null) await _log.Snapshot(snapshotZxid, snapshot);
    }
}
