using System;
using System.Globalization;
using System.IO;
using System.Text;
using Simulator.Engine.Inspection;

namespace tools.Sim.Stepping;

/// <summary>What a <see cref="Station"/> answers to an order: where it stands, and the text that was asked for.</summary>
/// <param name="Process">The id of its process.</param>
/// <param name="Event">Number of the last event that has happened.</param>
/// <param name="Micros">Virtual time in microseconds.</param>
/// <param name="Hash">The hash over all events so far.</param>
/// <param name="Kind">How it stands.</param>
/// <param name="Text">What was asked for, or the error in one sentence.</param>
internal sealed record Reply(int Process, long Event, long Micros, ulong Hash, ReplyKind Kind, string Text)
{
    /// <summary>Longer than any first line.</summary>
    private const int HeaderLimit = 200;

    /// <summary>The answer of a run where it pauses.</summary>
    public static Reply Of(PausedRun run, string text = "") =>
        new(Libc.ProcessId(), run.Event, run.Micros, run.Hash, run.IsOver ? ReplyKind.Over : ReplyKind.Paused, text);

    /// <summary>The bytes that are sent: a line of six words, the last of which is the length of the text, and the text.</summary>
    public byte[] ToBytes()
    {
        var text = Encoding.UTF8.GetBytes(Text);
        var header = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Process} {Event} {Micros} {Hash} {Kind} {text.Length}\n"));
        return [.. header, .. text];
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="EndOfStreamException">The stream has ended.</exception>
    public static Reply Read(Stream stream)
    {
        var header = ReadHeader(stream).Split(' ');
        var text = new byte[Number(header[5])];
        stream.ReadExactly(text);
        return new Reply((int)Number(header[0]), Number(header[1]), Number(header[2]), ulong.Parse(header[3], CultureInfo.InvariantCulture), Enum.Parse<ReplyKind>(header[4]), Encoding.UTF8.GetString(text));
    }

    private static string ReadHeader(Stream stream)
    {
        var line = new StringBuilder();
        while (line.Length < HeaderLimit)
        {
            var next = stream.ReadByte();
            if (next < 0) throw new EndOfStreamException();
            if (next == '\n') return line.ToString();
            line.Append((char)next);
        }

        throw new InvalidOperationException($"'{line}' is no answer of a simulation's process.");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>How a station stands.</summary>
internal enum ReplyKind
{
    /// <summary>Somewhere in the run.</summary>
    Paused,

    /// <summary>At the run's end.</summary>
    Over,

    /// <summary>Where it stood: the order could not be carried out.</summary>
    Refused,
}
