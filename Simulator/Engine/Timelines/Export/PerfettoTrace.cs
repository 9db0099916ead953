using System.Globalization;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Simulator.Engine.Timelines.Export;

/// <summary>
/// A timeline in the trace event format, for ui.perfetto.dev and chrome://tracing: machines are threads of one process, messages
/// slices with flows from sender to receiver, faults and operations async slices, number series counters, everything else instants.
/// </summary>
public sealed class PerfettoTrace
{
    private const int Machines = 1;
    private const int World = 2;
    private const int Values = 3;
    private readonly Timeline _timeline;
    private readonly Utf8JsonWriter _json;

    private PerfettoTrace(Timeline timeline, Utf8JsonWriter json) => (_timeline, _json) = (timeline, json);

    /// <summary>Writes the trace.</summary>
    public static void Write(Timeline timeline, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        new PerfettoTrace(timeline, json).WriteEvents();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteEvents()
    {
        Name("process_name", Machines, 0, "machines");
        Name("process_name", World, 0, "world");
        Name("process_name", Values, 0, "series");
        for (var lane = 0; lane < _timeline.Lanes.Count; lane++) Name("thread_name", Machines, lane + 1, _timeline.Lanes[lane]);
        for (var i = 0; i < _timeline.Messages.Count; i++) Message(_timeline.Messages[i], i);
        for (var i = 0; i < _timeline.Bands.Count; i++) Band(_timeline.Bands[i], i);
        for (var i = 0; i < _timeline.Operations.Count; i++) Operation(_timeline.Operations[i], i);
        foreach (var mark in _timeline.Marks) Instant(mark.Lane < 0 ? World : Machines, mark.Lane + 1, mark.Micros, mark.Kind, mark.Text, mark.Lane < 0 ? "g" : "t");
        foreach (var series in _timeline.Series) Series(series);
        if (_timeline.Failure is { } failure) Instant(World, 0, failure.AtMicros, "failure " + failure.Property, failure.Message, "g");
    }

    private void Name(string what, int process, int thread, string name)
    {
        Begin("M", what, process, thread, 0);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    // Flows bind to slices: a message is a slice of a microsecond at each end.
    private void Message(in TimelineMessage message, int id)
    {
        var label = _timeline.Labels[message.Label];
        MessageEnd(message, label, message.From, message.SentMicros, "s", id);
        if (message.End == Timelines.MessageEnd.Arrived) MessageEnd(message, label, message.To, message.EndMicros, "f", id);
    }

    private void MessageEnd(in TimelineMessage message, string label, int lane, long micros, string flow, int id)
    {
        Begin("X", label, Machines, lane + 1, micros);
        _json.WriteNumber("dur", 1);
        _json.WriteString("cat", "message");
        _json.WriteStartObject("args");
        _json.WriteNumber("bytes", message.Bytes);
        _json.WriteString("end", message.End.ToString());
        _json.WriteEndObject();
        _json.WriteEndObject();
        if (message.End != Timelines.MessageEnd.Arrived) return;
        Begin(flow, label, Machines, lane + 1, micros);
        _json.WriteString("cat", "message");
        _json.WriteNumber("id", id);
        if (flow == "f") _json.WriteString("bp", "e");
        _json.WriteEndObject();
    }

    private void Band(TimelineBand band, int id)
    {
        if (band.EndMicros == band.BeginMicros)
        {
            Instant(World, 0, band.BeginMicros, band.Kind, band.Text, "g");
            return;
        }

        Async(World, 0, "fault", band.Kind, band.BeginMicros, band.EndMicros ?? _timeline.EndMicros, "f" + Edn.Number(id), band.Text);
    }

    private void Operation(TimelineOperation operation, int id) => Async(
        Machines, operation.Lane + 1, "operation", operation.Function, operation.BeginMicros, operation.EndMicros ?? _timeline.EndMicros, "o" + Edn.Number(id),
        $"{operation.Outcome}: {operation.Completed ?? operation.Invoked}");

    private void Async(int process, int thread, string category, string name, long begin, long end, string id, string text)
    {
        foreach (var (phase, micros) in new[] { ("b", begin), ("e", end) })
        {
            Begin(phase, name, process, thread, micros);
            _json.WriteString("cat", category);
            _json.WriteString("id", id);
            Text(text);
            _json.WriteEndObject();
        }
    }

    private void Instant(int process, int thread, long micros, string name, string text, string scope)
    {
        Begin("i", name, process, thread, micros);
        _json.WriteString("s", scope);
        Text(text);
        _json.WriteEndObject();
    }

    private void Series(TimelineSeries series)
    {
        var machine = series.Lane < 0 ? string.Empty : " " + _timeline.Lanes[series.Lane];
        var name = string.Create(CultureInfo.InvariantCulture, $"{series.Group} {series.Row}{machine}");
        foreach (var point in series.Points)
        {
            if (series.IsText)
            {
                Instant(Values, 0, point.Micros, name, point.IsGap ? "none" : point.Text!, "p");
                continue;
            }

            Begin("C", name, Values, 0, point.Micros);
            _json.WriteStartObject("args");
            _json.WriteNumber("value", point.IsGap ? 0 : point.Number);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }
    }

    private void Text(string text)
    {
        _json.WriteStartObject("args");
        _json.WriteString("text", text);
        _json.WriteEndObject();
    }

    private void Begin(string phase, string name, int process, int thread, long micros)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", process);
        _json.WriteNumber("tid", thread);
        _json.WriteNumber("ts", micros);
    }
}
