using System;
using System.Collections.Generic;
using Reference.Wire.Records;

namespace Reference.Clients.Producing;

/// <summary>A record to be sent.</summary>
/// <param name="Topic">Topic name.</param>
/// <param name="Key">Key, or null.</param>
/// <param name="Value">Value, or null (a tombstone).</param>
/// <param name="Partition">Partition number, or null to let the key (murmur2) or chance (sticky) choose.</param>
/// <param name="TimestampMs">Milliseconds since 1970, or null for the time of sending.</param>
/// <param name="Headers">Headers, or null for none.</param>
public sealed record ProducerRecord(
    string Topic,
    ReadOnlyMemory<byte>? Key,
    ReadOnlyMemory<byte>? Value,
    int? Partition = null,
    long? TimestampMs = null,
    IReadOnlyList<RecordHeader>? Headers = null);

/// <summary>Where an acknowledged record stands.</summary>
/// <param name="Topic">Topic name.</param>
/// <param name="Partition">Partition number.</param>
/// <param name="Offset">Its offset; -1 with acks 0.</param>
/// <param name="TimestampMs">Its timestamp, the broker's with LogAppendTime.</param>
public readonly record struct RecordMetadata(string Topic, int Partition, long Offset, long TimestampMs);
