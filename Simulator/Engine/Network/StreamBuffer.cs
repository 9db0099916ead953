using System;

namespace Simulator.Engine.Network;

/// <summary>
/// The bytes of one direction of a connection, at its receiving end: first those that have arrived and not been read, then those
/// under way. One array holds them from the write to the read.
/// </summary>
internal sealed class StreamBuffer
{
    private const int SmallestBytes = 256;
    private const int LargestKeptBytes = 64 * 1024;
    private byte[] _bytes = [];
    private int _start;
    private int _arrived;
    private int _end;

    /// <summary>Number of bytes that can be read.</summary>
    public int Count => _arrived - _start;

    /// <summary>True once the peer has finished writing.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Bytes set out.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _end) MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The first bytes under way can be read from now on; gives them.</summary>
    public ReadOnlySpan<byte> Arrive(int count)
    {
        _arrived += count;
        return _bytes.AsSpan(_arrived - count, count);
    }

    /// <summary>The first bytes under way come to an end where nobody reads any more.</summary>
    public void Discard(int count)
    {
        _arrived += count;
        Clear();
    }

    /// <summary>Nothing more comes after what has arrived.</summary>
    public void Finish() => IsFinished = true;

    /// <summary>What has arrived is forgotten.</summary>
    public void Clear()
    {
        _start = _arrived;
        Tidy();
    }

    /// <summary>What is under way never arrives.</summary>
    public void LoseUnderWay()
    {
        _end = _arrived;
        Tidy();
    }

    /// <summary>Reads as much as there is and fits; gives the number of bytes.</summary>
    public int Take(Span<byte> target)
    {
        var taken = Math.Min(target.Length, Count);
        _bytes.AsSpan(_start, taken).CopyTo(target);
        _start += taken;
        Tidy();
        return taken;
    }

    private void Tidy()
    {
        if (_start != _end) return;
        _start = _arrived = _end = 0;
        if (_bytes.Length > LargestKeptBytes) _bytes = [];
    }

    // Moved to the front where at least half of the array is free then, else to a larger one: each byte is moved a few times at most.
    private void MakeRoom(int count)
    {
        var held = _end - _start;
        var needed = held + count;
        var target = needed <= _bytes.Length / 2 ? _bytes : new byte[Math.Max(SmallestBytes, needed * 2)];
        _bytes.AsSpan(_start, held).CopyTo(target);
        _bytes = target;
        _arrived -= _start;
        _end = held;
        _start = 0;
    }
}
