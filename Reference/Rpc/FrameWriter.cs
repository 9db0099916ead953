using System;
using System.Collections.Generic;
using System.Numerics;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>
/// Writes frames to a connection one after the other in the order they were queued. Small frames queued in one turn of the loop,
/// or while a write is under way, leave together in one write.
/// </summary>
internal sealed class FrameWriter
{
    private const int BufferBytes = 64 * 1024;
    private const int InitialBytes = 1024;
    private const int LargestCopied = 16 * 1024;

    private readonly IConnection _connection;
    private readonly Queue<OutgoingFrame> _queue = new();
    private readonly List<OutgoingFrame> _inHand = [];
    private readonly Action _start;
    private byte[] _buffer = [];
    private int _filled;
    private bool _writing;
    private LoopPromise<Nothing>? _drained;

    public FrameWriter(IConnection connection)
    {
        _connection = connection;
        _start = () => Loop.Current.Spawn(WriteAll());
    }

    /// <summary>Bytes queued and not yet taken by the connection.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Bytes that the connection has taken so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Why nothing can be written any more, or null.</summary>
    public Exception? Broken { get; private set; }

    public void Enqueue(OutgoingFrame frame)
    {
        if (Broken is not null)
        {
            frame.Release();
            return;
        }

        _queue.Enqueue(frame);
        PendingBytes += frame.Length;
        if (_writing) return;
        _writing = true;
        Loop.Current.Post(_start); // at the end of the turn, so that its other frames go along
    }

    /// <summary>Ends when all queued frames are written or given up.</summary>
    public LoopTask Drain()
    {
        if (!_writing) return LoopTask.Completed;
        _drained ??= new LoopPromise<Nothing>();
        return new LoopTask(_drained.Task);
    }

    /// <summary>Gives up what is queued; later frames are dropped.</summary>
    public void Break(Exception reason)
    {
        if (Broken is not null) return;
        Broken = reason;
        ReleaseInHand();
        while (_queue.TryDequeue(out var frame)) frame.Release();
        PendingBytes = 0;
        EndWriting();
    }

    private async LoopTask WriteAll()
    {
        try
        {
            while (Broken is null && _queue.TryDequeue(out var frame))
            {
                frame.MarkStarted();
                _inHand.Add(frame);
                for (var i = 0; i < frame.Segments.Count; i++)
                {
                    if (!TryCopy(frame.Segments[i])) await WriteSegment(frame.Segments[i]);
                }

                if (_queue.Count == 0) await Flush();
                if (_filled == 0) ReleaseInHand();
            }

            if (Broken is null) EndWriting();
        }
        catch (Exception e) when (e is NetworkException or DiskException)
        {
            Break(e);
            _connection.Reset();
        }
    }

    /// <summary>Copies a small segment into the buffer, if there is room; the buffer grows with what its connection needs.</summary>
    private bool TryCopy(FrameSegment segment)
    {
        var end = _filled + segment.Count;
        if (segment.File is not null || segment.Count > LargestCopied || end > BufferBytes) return false;
        if (end > _buffer.Length) Array.Resize(ref _buffer, Math.Max(InitialBytes, (int)BitOperations.RoundUpToPowerOf2((uint)end)));
        segment.Memory.Span.CopyTo(_buffer.AsSpan(_filled));
        _filled = end;
        return true;
    }

    /// <summary>Makes room for a small segment, or writes a large one or a piece of a file.</summary>
    private async LoopTask WriteSegment(FrameSegment segment)
    {
        await Flush();
        if (TryCopy(segment)) return;
        if (segment.File is { } file) await _connection.WriteFile(file, segment.Position, segment.Count);
        else await _connection.Write(segment.Memory);
        BytesWritten += segment.Count;
    }

    private async LoopTask Flush()
    {
        if (_filled == 0) return;
        await _connection.Write(_buffer.AsMemory(0, _filled));
        BytesWritten += _filled;
        _filled = 0;
    }

    private void ReleaseInHand()
    {
        foreach (var frame in _inHand)
        {
            PendingBytes -= frame.Length;
            frame.Release();
        }

        _inHand.Clear();
    }

    private void EndWriting()
    {
        _writing = false;
        var drained = _drained;
        _drained = null;
        drained?.TrySetResult(default);
    }
}
