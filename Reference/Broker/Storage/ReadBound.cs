using System;

namespace Reference.Broker.Storage;

/// <summary>How far a reader may see.</summary>
public enum FetchIsolation
{
    /// <summary>To the log end: followers.</summary>
    LogEnd,

    /// <summary>To the high watermark: consumers.</summary>
    HighWatermark,
}

/// <summary>The bound of a read.</summary>
public static class ReadBound
{
    /// <summary>
    /// Where a slice ends in its segment, in bytes. A read looks things up on disk between computing its bound and cutting the
    /// slice, and appends go on meanwhile: only the size seen together with the bound counts (KAFKA-9835).
    /// </summary>
    /// <param name="requestedEnd">Where the bound and the byte limit would end it.</param>
    /// <param name="sizeAtBound">The segment's size when the bound was computed.</param>
    /// <param name="sizeNow">Its size now.</param>
    public static int SliceEnd(int requestedEnd, int sizeAtBound, int sizeNow) => Math.Min(requestedEnd, Math.Min(sizeAtBound, sizeNow));
}
