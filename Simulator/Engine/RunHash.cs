using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Simulator.Engine;

/// <summary>
/// The rolling 64-bit hash over all that happened in a run: two runs of one seed must end in the same value. Not
/// cryptographic; it only has to tell runs apart.
/// </summary>
public struct RunHash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87UL;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4FUL;
    private ulong _state;

    /// <summary>The hash so far.</summary>
    public readonly ulong Value => _state;

    /// <summary>Mixes in one number.</summary>
    public void Add(ulong value) => _state = BitOperations.RotateLeft(_state ^ (value * Prime2), 31) * Prime1;

    /// <summary>Mixes in bytes and their number.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state ^ ((ulong)bytes.Length * Prime1);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            state = BitOperations.RotateLeft(state ^ (word * Prime2), 31) * Prime1;
        }

        foreach (var b in bytes[(bytes.Length & ~7)..]) state = (state ^ b) * Prime1;
        _state = state;
    }

    /// <summary>Mixes in a text.</summary>
    public void Add(string text) => Add(MemoryMarshal.AsBytes(text.AsSpan()));
}
