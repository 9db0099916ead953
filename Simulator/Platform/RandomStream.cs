using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;

namespace Simulator.Platform;

/// <summary>
/// A generator of our own (xoshiro256** of Blackman and Vigna, seeded by SplitMix64), because the algorithm behind
/// <c>System.Random</c> is not promised across versions.
/// </summary>
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>A stream that the seed alone determines.</summary>
    public RandomStream(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    private RandomStream()
    {
    }

    /// <summary>A stream named by its purpose: streams of one seed with different names are independent.</summary>
    public static RandomStream Named(ulong seed, string name) => new(StartOf(seed, name));

    /// <summary>The number from which alone the stream of that name grows.</summary>
    public static ulong StartOf(ulong seed, string name)
    {
        var hash = 14695981039346656037UL ^ SplitMix(ref seed);
        foreach (var c in name) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    /// <summary>
    /// A stream without noise: each number is the least of its range, the first item is picked, and nothing happens that is not
    /// certain. (Nought is the one state that the generator never leaves.)
    /// </summary>
    public static RandomStream Quiet() => new();

    /// <summary>True for a stream without noise.</summary>
    public bool IsQuiet => (_s0 | _s1 | _s2 | _s3) == 0;

    /// <summary>True if nothing has been drawn from a stream that began at this number.</summary>
    public bool IsFreshFrom(ulong start)
    {
        var fresh = new RandomStream(start);
        return (_s0, _s1, _s2, _s3) == (fresh._s0, fresh._s1, fresh._s2, fresh._s3);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, <paramref name="exclusiveMax"/>).</summary>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);
    }

    /// <summary>A number in [<paramref name="min"/>, <paramref name="exclusiveMax"/>).</summary>
    public int Next(int min, int exclusiveMax) => min + Next(exclusiveMax - min);

    /// <summary>A number in [<paramref name="min"/>, <paramref name="exclusiveMax"/>).</summary>
    public long NextInt64(long min, long exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(min, exclusiveMax);
        return min + (long)Math.BigMul(NextUInt64(), (ulong)(exclusiveMax - min), out _);
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability && (probability >= 1 || !IsQuiet);

    /// <summary>A span between two spans, in whole microseconds.</summary>
    public TimeSpan NextSpan(TimeSpan min, TimeSpan exclusiveMax) =>
        exclusiveMax <= min ? min : new TimeSpan(TimeSpan.TicksPerMicrosecond * NextInt64(Micros(min), Math.Max(Micros(exclusiveMax), Micros(min) + 1)));

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Fills with random bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, NextUInt64());
            bytes = bytes[8..];
        }

        if (bytes.IsEmpty) return;
        var last = NextUInt64();
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(last >> (8 * i));
    }

    /// <summary>Puts the items into a random order.</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
