using System;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>How the cleaner works.</summary>
public sealed record LogCleanerOptions
{
    /// <summary><c>log.cleaner.enable</c>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary><c>log.cleaner.threads</c>: logs compacted at a time.</summary>
    public int Threads { get; init; } = 1;

    /// <summary><c>log.cleaner.backoff.ms</c>: the pause when there is nothing to compact.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>log.cleaner.io.max.bytes.per.second</c>: bytes read and written, over all threads.</summary>
    public double MaxBytesPerSecond { get; init; } = double.MaxValue;

    /// <summary><c>log.cleaner.dedupe.buffer.size</c>: bytes of offset maps, over all threads.</summary>
    public long DedupeBufferBytes { get; init; } = 128L << 20;

    /// <summary><c>log.cleaner.io.buffer.size</c>: bytes written at a time, over all threads.</summary>
    public int IoBufferBytes { get; init; } = 512 << 10;

    /// <summary><c>log.cleaner.io.buffer.load.factor</c>: the share of an offset map that is filled.</summary>
    public double LoadFactor { get; init; } = 0.9;
}
