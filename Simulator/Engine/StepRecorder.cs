using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Simulator.Engine;

/// <summary>
/// Notes each step in which a run touches its world: an event begins, something is armed, bytes are sent, written or arrive. Two runs
/// that differ do so first at one step, and the stack of that step names the code. Finer than the hash of events, and dearer.
/// </summary>
public sealed class StepRecorder
{
    private const int FramesShown = 24;
    private readonly List<ulong> _hashes = [];
    private readonly long _stackAt;
    private RunHash _hash;

    /// <summary>A recorder that keeps the stack of one step.</summary>
    /// <param name="stackAt">Index of that step, or -1.</param>
    public StepRecorder(long stackAt = -1) => _stackAt = stackAt;

    /// <summary>The rolling hash after each step.</summary>
    public IReadOnlyList<ulong> Hashes => _hashes;

    /// <summary>The step whose stack was asked for, once it has come.</summary>
    public StepSeen? Seen { get; private set; }

    internal void Note(long atEvent, string what, ulong value, ulong kind)
    {
        _hash.Add(value);
        _hash.Add(kind);
        End(atEvent, what, value);
    }

    internal void Note(long atEvent, string what, ReadOnlySpan<byte> bytes)
    {
        _hash.Add(bytes);
        End(atEvent, what, (ulong)bytes.Length);
        if (Seen is { Content: null } && _hashes.Count == _stackAt + 1) Seen = Seen with { Content = Preview(bytes) };
    }

    private void End(long atEvent, string what, ulong value)
    {
        _hashes.Add(_hash.Value);
        if (_hashes.Count != _stackAt + 1) return;
        var stack = new StackTrace(2, fNeedFileInfo: true);
        Seen = new StepSeen(atEvent, string.Create(CultureInfo.InvariantCulture, $"{what} {value}"), null, Describe(stack), FindOwn(stack));
    }

    private static string Preview(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 32)]) + (bytes.Length > 32 ? "…" : string.Empty);

    private static string Describe(StackTrace stack)
    {
        var text = new StringBuilder();
        foreach (var line in stack.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(FramesShown)) text.Append("    ").AppendLine(line);
        return text.ToString().TrimEnd();
    }

    // The innermost frame that is not the simulator's or the runtime's.
    private static string? FindOwn(StackTrace stack)
    {
        foreach (var frame in stack.GetFrames())
        {
            var type = frame.GetMethod()?.DeclaringType;
            var assembly = type?.Assembly.GetName().Name ?? string.Empty;
            if (type is null || assembly.StartsWith("Simulator.", StringComparison.Ordinal) || assembly.StartsWith("System.", StringComparison.Ordinal)) continue;
            return frame.GetFileName() is { } file ? string.Create(CultureInfo.InvariantCulture, $"{file}:{frame.GetFileLineNumber()}") : type.FullName;
        }

        return null;
    }
}

/// <summary>One step of a run.</summary>
/// <param name="Event">Number of the event during which it was made.</param>
/// <param name="What">What was done, with a number: an instant, a length.</param>
/// <param name="Content">The first bytes, if it had any.</param>
/// <param name="Stack">The code that made it, innermost first.</param>
/// <param name="Place">File and line of the innermost frame that is not the simulator's; null if there is none.</param>
public sealed record StepSeen(long Event, string What, string? Content, string Stack, string? Place);
