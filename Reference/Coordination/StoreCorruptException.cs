using System;

namespace Reference.Coordination;

/// <summary>The store's files are damaged in a way that recovery must not paper over.</summary>
public sealed class StoreCorruptException(string file, long offset, string problem, string remedy)
    : Exception($"{file} is corrupt at byte {offset}: {problem}. {remedy}")
{
    /// <summary>Path of the damaged file.</summary>
    public string File { get; } = file;

    /// <summary>Where the damage begins, in bytes.</summary>
    public long Offset { get; } = offset;
}
