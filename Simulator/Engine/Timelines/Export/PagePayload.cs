using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Simulator.Engine.Timelines.Export;

/// <summary>
/// The data of a page: gzip over the length of a JSON header (4 bytes, little-endian), the header, and the columns that it
/// describes. Repeated texts stand once, in the header.
/// </summary>
internal sealed class PagePayload
{
    /// <summary>The version of this format.</summary>
    public const int Schema = 1;

    private readonly Timeline _timeline;
    private readonly ColumnWriter _columns = new();
    private readonly Dictionary<string, int> _textNumbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    private PagePayload(Timeline timeline) => _timeline = timeline;

    /// <summary>The data of a timeline, compressed.</summary>
    public static byte[] Of(Timeline timeline)
    {
        var payload = new PagePayload(timeline);
        payload.AddMessages();
        payload.AddMarks();
        payload.AddBands();
        payload.AddOperations();
        payload.AddPoints();
        return payload.Compress();
    }

    private void AddMessages()
    {
        var all = _timeline.Messages;
        _columns.Add("message.begin", all.Select(m => m.SentMicros), isDelta: true);
        _columns.Add("message.duration", all.Select(m => m.EndMicros - m.SentMicros));
        _columns.Add("message.beginEvent", all.Select(m => m.SentEvent), isDelta: true);
        _columns.Add("message.events", all.Select(m => m.EndEvent - m.SentEvent));
        _columns.Add("message.connection", all.Select(m => (long)m.Connection));
        _columns.Add("message.from", all.Select(m => (long)m.From));
        _columns.Add("message.to", all.Select(m => (long)m.To));
        _columns.Add("message.label", all.Select(m => (long)m.Label));
        _columns.Add("message.bytes", all.Select(m => (long)m.Bytes));
        _columns.Add("message.end", all.Select(m => (long)m.End));
        _columns.Add("message.weight", all.Select(m => (long)m.Weight));
    }

    private void AddMarks()
    {
        var all = _timeline.Marks;
        _columns.Add("mark.begin", all.Select(m => m.Micros), isDelta: true);
        _columns.Add("mark.beginEvent", all.Select(m => m.Event), isDelta: true);
        _columns.Add("mark.lane", all.Select(m => (long)m.Lane));
        _columns.Add("mark.kind", all.Select(m => Text(m.Kind)));
        _columns.Add("mark.text", all.Select(m => Text(m.Text)));
        _columns.Add("mark.until", all.Select(m => m.UntilMicros));
    }

    private void AddBands()
    {
        var all = _timeline.Bands;
        _columns.Add("band.begin", all.Select(b => b.BeginMicros), isDelta: true);
        _columns.Add("band.duration", all.Select(b => (b.EndMicros ?? _timeline.EndMicros) - b.BeginMicros));
        _columns.Add("band.beginEvent", all.Select(b => b.BeginEvent), isDelta: true);
        _columns.Add("band.events", all.Select(b => (b.EndMicros is null ? _timeline.Events : b.EndEvent) - b.BeginEvent));
        _columns.Add("band.open", all.Select(b => b.EndMicros is null ? 1L : 0L));
        _columns.Add("band.kind", all.Select(b => Text(b.Kind)));
        _columns.Add("band.text", all.Select(b => Text(b.Text)));
    }

    private void AddOperations()
    {
        var all = _timeline.Operations;
        _columns.Add("operation.begin", all.Select(o => o.BeginMicros), isDelta: true);
        _columns.Add("operation.duration", all.Select(o => (o.EndMicros ?? _timeline.EndMicros) - o.BeginMicros));
        _columns.Add("operation.beginEvent", all.Select(o => o.BeginEvent), isDelta: true);
        _columns.Add("operation.events", all.Select(o => (o.EndMicros is null ? _timeline.Events : o.EndEvent) - o.BeginEvent));
        _columns.Add("operation.lane", all.Select(o => (long)o.Lane));
        _columns.Add("operation.function", all.Select(o => Text(o.Function)));
        _columns.Add("operation.invoked", all.Select(o => Text(o.Invoked)));
        _columns.Add("operation.completed", all.Select(o => o.Completed is { } value ? Text(value) : -1L));
        _columns.Add("operation.outcome", all.Select(o => (long)o.Outcome));
    }

    private void AddPoints()
    {
        var all = _timeline.Series.SelectMany(s => s.Points.Select(p => (s.IsText, Point: p))).ToList();
        _columns.Add("point.begin", all.Select(p => p.Point.Micros), isDelta: true);
        _columns.Add("point.beginEvent", all.Select(p => p.Point.Event), isDelta: true);
        _columns.Add("point.value", all.Select(p => p.IsText && !p.Point.IsGap ? Text(p.Point.Text!) : p.Point.Number), isDelta: true);
        _columns.Add("point.gap", all.Select(p => p.Point.IsGap ? 1L : 0L));
    }

    private long Text(string text)
    {
        if (_textNumbers.TryGetValue(text, out var number)) return number;
        _texts.Add(text);
        return _textNumbers[text] = _texts.Count - 1;
    }

    private byte[] Compress()
    {
        var header = Header();
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(length);
            gzip.Write(header);
            _columns.Bytes.WriteTo(gzip);
        }

        return compressed.ToArray();
    }

    private byte[] Header()
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("scenario", _timeline.Scenario);
            json.WriteString("seed", _timeline.Seed.ToString(CultureInfo.InvariantCulture)); // as a text: a script has 53 bits
            json.WriteNumber("endMicros", _timeline.EndMicros);
            json.WriteNumber("events", _timeline.Events);
            json.WriteNumber("messagesSeen", _timeline.MessagesSeen);
            json.WriteNumber("messageStride", _timeline.MessageStride);
            json.WriteNumber("logLinesDropped", _timeline.LogLinesDropped);
            WriteFailure(json);
            json.WriteStartObject("configuration");
            foreach (var (name, value) in _timeline.Configuration) json.WriteString(name, value);
            json.WriteEndObject();
            WriteTexts(json, "lanes", _timeline.Lanes);
            WriteTexts(json, "labels", _timeline.Labels);
            WriteTexts(json, "texts", _texts);
            WriteConnections(json);
            WriteBandLanes(json);
            WriteSeries(json);
            WriteColumns(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private void WriteFailure(Utf8JsonWriter json)
    {
        if (_timeline.Failure is not { } failure) return;
        json.WriteStartObject("failure");
        json.WriteString("property", failure.Property);
        json.WriteString("message", failure.Message);
        json.WriteNumber("micros", failure.AtMicros);
        json.WriteNumber("event", failure.AtEvent);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private void WriteConnections(Utf8JsonWriter json)
    {
        json.WriteStartArray("connections");
        foreach (var (dialler, acceptor) in _timeline.Connections)
        {
            json.WriteStartArray();
            json.WriteStringValue(dialler);
            json.WriteStringValue(acceptor);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void WriteBandLanes(Utf8JsonWriter json)
    {
        json.WriteStartArray("bandLanes");
        foreach (var band in _timeline.Bands)
        {
            json.WriteStartArray();
            foreach (var lane in band.Lanes) json.WriteNumberValue(lane);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void WriteSeries(Utf8JsonWriter json)
    {
        json.WriteStartArray("series");
        foreach (var series in _timeline.Series)
        {
            json.WriteStartObject();
            json.WriteString("group", series.Group);
            json.WriteString("row", series.Row);
            json.WriteNumber("lane", series.Lane);
            json.WriteBoolean("isText", series.IsText);
            json.WriteNumber("points", series.Points.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteColumns(Utf8JsonWriter json)
    {
        json.WriteStartArray("columns");
        foreach (var column in _columns.Headers)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteNumber("count", column.Count);
            json.WriteNumber("bytes", column.Bytes);
            json.WriteBoolean("isDelta", column.IsDelta);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
