using System;

namespace Reference.Wire.Records;

/// <summary>A header of a record (KIP-82), as a producer gives it.</summary>
/// <param name="Key">Name, need not be unique.</param>
/// <param name="Value">Content, or null.</param>
public readonly record struct RecordHeader(string Key, ReadOnlyMemory<byte>? Value);
