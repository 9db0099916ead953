using System.Collections.Generic;

namespace Simulator.Engine.Timelines;

/// <summary>
/// A value over time that a scenario supplies under a name: a number, drawn as a step plot, or a text, drawn as labelled segments.
/// Setting the value that it has already adds nothing. A very long series loses every second of its older points.
/// </summary>
public sealed class TimelineSeries
{
    /// <summary>Points kept at most.</summary>
    internal const int Capacity = 200_000;

    private readonly TimelineRecorder _recorder;
    private readonly List<SeriesPoint> _points = [];
    private SeriesPoint? _last;

    internal TimelineSeries(TimelineRecorder recorder, string group, string row, int lane, bool isText)
    {
        _recorder = recorder;
        (Group, Row, Lane, IsText) = (group, row, lane, isText);
    }

    /// <summary>What it belongs to: series of one group stand together.</summary>
    public string Group { get; }

    /// <summary>What it measures: number series of one row share a plot.</summary>
    public string Row { get; }

    /// <summary>Index of the machine whose value it is into <see cref="Timeline.Lanes"/>; -1 for none.</summary>
    public int Lane { get; }

    /// <summary>True if the values are texts.</summary>
    public bool IsText { get; }

    /// <summary>Its changes, oldest first.</summary>
    public IReadOnlyList<SeriesPoint> Points => _points;

    /// <summary>Sets the number that holds from now on.</summary>
    public void Set(long value) => Add(value, null, false);

    /// <summary>Sets the text that holds from now on.</summary>
    public void Set(string value)
    {
        if (_last is { IsGap: false, Text: { } text } && text == value) return;
        Add(0, value, false);
    }

    /// <summary>From now on there is no value.</summary>
    public void Clear()
    {
        if (_last is not null) Add(0, null, true);
    }

    private void Add(long number, string? text, bool isGap)
    {
        if (_last is { } last && last.Number == number && last.Text == text && last.IsGap == isGap) return;
        var (micros, e) = _recorder.Now;
        var point = new SeriesPoint(micros, e, number, text, isGap);
        _last = point;
        if (_points.Count >= Capacity) Thin();
        _points.Add(point);
    }

    private void Thin()
    {
        var half = _points.Count / 2;
        var to = 0;
        for (var i = 0; i < half; i += 2) _points[to++] = _points[i];
        _points.RemoveRange(to, half - to);
    }
}

/// <summary>A change of a series.</summary>
/// <param name="Micros">Virtual time.</param>
/// <param name="Event">Number of the event during which it changed.</param>
/// <param name="Number">The new number.</param>
/// <param name="Text">The new text, of a text series.</param>
/// <param name="IsGap">True if there is no value from here on.</param>
public readonly record struct SeriesPoint(long Micros, long Event, long Number, string? Text, bool IsGap);
