using System;
using System.Globalization;
using System.Text;
using Reference.Clients;
using Reference.Clients.Consuming;
using Reference.Clients.Producing;

namespace Scenarios.Workload;

/// <summary>The records of the workloads. Each carries a text that is its own in the whole run: as its value, or, if it is a tombstone, in a header.</summary>
internal static class RecordText
{
    private const string Header = "text";

    /// <summary>The record of a send.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="planned">The burst.</param>
    /// <param name="index">Which of the burst.</param>
    /// <param name="keys">Number of keys, after which they begin again.</param>
    /// <param name="text">Its text.</param>
    public static ProducerRecord Make(TopicPartition to, PlannedSend planned, int index, int keys, string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        if (planned.Key < 0) return new ProducerRecord(to.Topic, null, bytes, to.Partition);
        ReadOnlyMemory<byte> key = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key-{(planned.Key + index) % Math.Max(1, keys)}"));
        return planned.IsTombstone
            ? new ProducerRecord(to.Topic, key, null, to.Partition, Headers: [new(Header, bytes)])
            : new ProducerRecord(to.Topic, key, bytes, to.Partition);
    }

    /// <summary>The text of a record that was read.</summary>
    public static string Of(ConsumerRecord record)
    {
        if (record.Value is { } value) return Encoding.UTF8.GetString(value.Span);
        foreach (var header in record.Headers)
        {
            if (header is { Key: Header, Value: { } text }) return Encoding.UTF8.GetString(text.Span);
        }

        return string.Empty;
    }
}
