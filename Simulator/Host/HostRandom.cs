using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>Named streams seeded from the operating system's entropy, or from a given seed.</summary>
public sealed class HostRandom : IRandom
{
    private readonly Dictionary<string, RandomStream> _streams = new(StringComparer.Ordinal);
    private readonly ulong _seed;

    /// <summary>Seeds from the operating system.</summary>
    public HostRandom()
    {
        Span<byte> seed = stackalloc byte[8];
        RandomNumberGenerator.Fill(seed);
        _seed = BitConverter.ToUInt64(seed);
    }

    /// <inheritdoc/>
    public RandomStream Stream(string purpose)
    {
        if (_streams.TryGetValue(purpose, out var stream)) return stream;
        return _streams[purpose] = RandomStream.Named(_seed, purpose);
    }
}
