using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Simulator.Engine.Replay;

/// <summary>Writes replay files: a decision to a line, so that they can be read, edited and compared line by line.</summary>
internal static class ReplayWriter
{
    private const long MicrosPerSecond = 1_000_000;

    private static readonly JsonEncodedText s_quiet = JsonEncodedText.Encode(ReplayReader.Quiet);

    public static string Write(ReplayFile file)
    {
        var lines = new List<string>
        {
            Field("schema", Number(ReplayFile.Schema)),
            Field("commit", Text(file.Commit)),
            Field("scenario", Text(file.Scenario)),
        };
        if (file.Seed is { } seed) lines.Add(Field("seed", seed.ToString(CultureInfo.InvariantCulture)));
        if (file.Mutant is { } mutant) lines.Add(Field("mutant", Number(mutant)));
        if (file.Failure is { } failure)
        {
            lines.Add(Field("failure", Object(
                Field("property", Text(failure.Property)),
                Field("at", Seconds(failure.AtMicros)),
                Field("event", Number(failure.AtEvent)),
                Field("message", Text(failure.Message)))));
        }

        lines.Add(Field("hash", Text(Hex(file.Hash))));
        AddScript(lines, file.Script);
        return "{\n  " + string.Join(",\n  ", lines) + "\n}\n";
    }

    /// <summary>A number of 64 bits as it stands in files: 16 hexadecimal digits.</summary>
    internal static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static void AddScript(List<string> lines, RunScript script)
    {
        lines.Add(Field("configuration", Block(script.Configuration.Select(c => Field(c.Key, Text(c.Value))), '{', '}')));
        var phases = script.Phases;
        List<string> spans =
        [
            Field("warmUp", Seconds(phases.WarmUp)),
            Field("faults", Seconds(phases.Faults)),
            Field("recoveryLimit", Seconds(phases.RecoveryLimit)),
            Field("finalReadLimit", Seconds(phases.FinalReadLimit)),
        ];
        if (script.End is { } end) spans.Add(Field("end", Seconds(end)));
        lines.Add(Field("phases", Object([.. spans])));
        lines.Add(Field("faults", Block(
            script.Faults.Select(f => Object(
                Field("at", Seconds(f.At)),
                Field("kind", Text(f.Plan.Kind)),
                Field("for", Seconds(f.Plan.Duration)),
                Field("parameters", Parameters(f.Plan.Parameters)))),
            '[',
            ']')));
        lines.Add(Field("operations", Block(
            script.Operations.Select(o => Object(
                Field("at", Seconds(o.At)),
                Field("actor", Text(o.Actor)),
                Field("what", Text(o.What)),
                Field("parameters", Parameters(o.Parameters)))),
            '[',
            ']')));
        lines.Add(Field("streams", Block(script.Streams.Select(s => Field(s.Key, s.Value.State is { } state ? Text(Hex(state)) : $"\"{s_quiet}\"")), '{', '}')));
    }

    private static string Field(string name, string value) => $"{Text(name)}: {value}";

    private static string Object(params ReadOnlySpan<string> fields) => fields.IsEmpty ? "{}" : $"{{ {string.Join(", ", fields!)} }}";

    private static string Parameters(IReadOnlyDictionary<string, string> parameters) => Object([.. parameters.Select(p => Field(p.Key, Text(p.Value)))]);

    private static string Block(IEnumerable<string> lines, char open, char close)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(text.Length == 0 ? "\n    " : ",\n    ").Append(line);
        return text.Length == 0 ? $"{open}{close}" : $"{open}{text}\n  {close}";
    }

    private static string Text(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => Seconds((long)span.TotalMicroseconds);

    private static string Seconds(long micros) => ((decimal)micros / MicrosPerSecond).ToString("0.######", CultureInfo.InvariantCulture);
}
