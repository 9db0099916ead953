using System;
using System.Collections.Generic;

namespace Simulator.Engine.Network;

/// <summary>Bytes that have arrived and not been read, and whether more can come.</summary>
internal sealed class ReceiveBuffer
{
    private readonly Queue<ArraySegment<byte>> _chunks = new();
    private ArraySegment<byte> _head;

    public int Count { get; private set; }

    /// <summary>True once the peer has finished writing.</summary>
    public bool IsFinished { get; private set; }

    public void Append(byte[] bytes)
    {
        _chunks.Enqueue(bytes);
        Count += bytes.Length;
    }

    public void Finish() => IsFinished = true;

    public void Clear()
    {
        _chunks.Clear();
        _head = default;
        Count = 0;
    }

    public int Take(Span<byte> target)
    {
        var taken = 0;
        while (taken < target.Length && Count > 0)
        {
            if (_head.Count == 0) _head = _chunks.Dequeue();
            var count = Math.Min(_head.Count, target.Length - taken);
            _head.AsSpan(0, count).CopyTo(target[taken..]);
            _head = _head[count..];
            taken += count;
            Count -= count;
        }

        return taken;
    }
}
