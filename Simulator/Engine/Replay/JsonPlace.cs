using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Simulator.Engine.Replay;

/// <summary>A value in a JSON file that knows where it stands, for messages that name the place.</summary>
/// <param name="Element">The value.</param>
/// <param name="File">The file's name.</param>
/// <param name="Path">Where in the file: <c>faults[3].at</c>; empty for the whole.</param>
internal readonly record struct JsonPlace(JsonElement Element, string File, string Path)
{
    /// <summary>A field that must be there.</summary>
    public JsonPlace this[string name] => Maybe(name) ?? throw new ReplayException($"{File} lacks the field '{At(name)}'.");

    public JsonPlace? Maybe(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        return Element.TryGetProperty(name, out var value) ? new JsonPlace(value, File, At(name)) : null;
    }

    public IEnumerable<string> Names()
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        return Element.EnumerateObject().Select(p => p.Name);
    }

    /// <summary>A field that nobody reads is a slip of whoever edited the file.</summary>
    public void EnsureOnly(params ReadOnlySpan<string> names)
    {
        foreach (var name in Names())
        {
            if (!names.Contains(name)) throw new ReplayException($"{File} has a field '{At(name)}' that nothing knows.");
        }
    }

    public IEnumerable<JsonPlace> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Wrong("a list");
        var (file, path) = (File, Path);
        return Element.EnumerateArray().Select((item, i) => new JsonPlace(item, file, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")));
    }

    public string Text() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Wrong("a text");

    public SortedDictionary<string, string> Texts()
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Names()) texts[name] = this[name].Text();
        return texts;
    }

    public long Number(long min, long max) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out var number) && number >= min && number <= max ? number : throw Wrong("a whole number in its range");

    public ulong UnsignedNumber() => Element.ValueKind == JsonValueKind.Number && Element.TryGetUInt64(out var number) ? number : throw Wrong("a whole number of 64 bits");

    /// <summary>A span that stands in seconds, to the microsecond; no longer than <see cref="LongestSpan"/>.</summary>
    public TimeSpan Seconds()
    {
        if (Element.ValueKind != JsonValueKind.Number || !Element.TryGetDecimal(out var seconds) || seconds < 0 || seconds > (decimal)LongestSpan.Value.TotalSeconds)
            throw Wrong($"a number of seconds, from 0 to {LongestSpan.Words}");
        return TimeSpan.FromMicroseconds((long)(seconds * 1_000_000));
    }

    public ulong Hex() =>
        ulong.TryParse(Text(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong("a number of up to 16 hexadecimal digits");

    private string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private ReplayException Wrong(string wanted) => new($"{File}: '{(Path.Length == 0 ? "the whole file" : Path)}' must be {wanted}.");
}
