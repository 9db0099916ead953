using System;
using Reference.Wire;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Clients.Producing;

/// <summary>Records of one partition that travel and are acknowledged together.</summary>
internal sealed class ProducerBatch(long sequence, TopicPartition partition, CompressionType compression, long createdMicros)
{
    private readonly RecordBatchBuilder _builder = new(compression);
    private byte[]? _encoded;

    /// <summary>Counts up over all batches of a producer: the order of a partition.</summary>
    public long Sequence { get; } = sequence;

    public TopicPartition Partition { get; } = partition;

    /// <summary>When it was made; linger and delivery time run from here.</summary>
    public long CreatedMicros { get; } = createdMicros;

    /// <summary>Not to be sent before this instant: it failed just now.</summary>
    public long NotBeforeMicros { get; set; }

    /// <summary>Times it has been sent.</summary>
    public int Attempts { get; set; }

    /// <summary>True once some attempt may have reached the log without an answer that says so.</summary>
    public bool MayHaveBeenAppended { get; set; }

    /// <summary>The failure of the last attempt, or null.</summary>
    public KafkaException? LastFailure { get; set; }

    /// <summary>Estimated bytes reserved of the buffer memory.</summary>
    public int ReservedBytes { get; private set; }

    public int Count => _builder.Count;

    /// <summary>True once nothing can be added: it has been encoded.</summary>
    public bool IsSealed => _encoded is not null;

    public int SizeInBytes => _encoded?.Length ?? _builder.SizeInBytes;

    /// <summary>The base offset and log append time, or the failure, once it is decided.</summary>
    public LoopPromise<(long BaseOffset, long LogAppendTimeMs)> Outcome { get; } = new();

    public bool IsDone => Outcome.IsCompleted;

    public bool HasRoomFor(int bytes, int batchSize) => !IsSealed && (Count == 0 || SizeInBytes + bytes <= batchSize);

    /// <summary>Adds a record and gives its number in the batch.</summary>
    public int Append(ProducerRecord record, long timestampMs, int reservedBytes)
    {
        _builder.Append(timestampMs, record.Key, record.Value, record.Headers);
        ReservedBytes += reservedBytes;
        return Count - 1;
    }

    /// <summary>The bytes; from now on nothing can be added.</summary>
    public ReadOnlyMemory<byte> Encode() => _encoded ??= _builder.Build();
}
