using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reference.Broker.Znodes;

/// <summary>Writes and reads the small JSON objects in Kafka's znodes: compact, fields in Kafka's order, unknown fields skipped.</summary>
internal static class ZnodeJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new Utf8JsonWriter(buffer, s_options);
        writer.WriteStartObject();
        fields(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="MalformedZnodeException">Not a JSON object, or <paramref name="read"/> misses or mistypes a field.</exception>
    public static T Read<T>(string path, ReadOnlyMemory<byte> data, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("it is not a JSON object.");
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new MalformedZnodeException(path, e.Message, e);
        }
    }

    public static JsonElement Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value : throw new FormatException($"the field \"{name}\" is missing.");

    public static int Int(JsonElement element, string name) => Field(element, name).GetInt32();

    public static string Text(JsonElement element, string name) =>
        Field(element, name).GetString() ?? throw new FormatException($"the field \"{name}\" is null.");

    /// <summary>A number that Kafka writes as a string in some fields; both are accepted.</summary>
    public static long Number(JsonElement element, string name)
    {
        var field = Field(element, name);
        return field.ValueKind == JsonValueKind.String
            ? long.Parse(field.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : field.GetInt64();
    }

    public static IReadOnlyList<int> Ints(JsonElement array)
    {
        var result = new List<int>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray()) result.Add(item.GetInt32());
        return result;
    }

    public static void WriteInts(Utf8JsonWriter writer, string name, IReadOnlyList<int> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    /// <summary>An object whose keys are partition numbers; absent counts as empty.</summary>
    public static SortedDictionary<int, IReadOnlyList<int>> IntsByNumber(JsonElement element, string name, bool required)
    {
        var result = new SortedDictionary<int, IReadOnlyList<int>>();
        if (!required && !element.TryGetProperty(name, out _)) return result;
        foreach (var property in Field(element, name).EnumerateObject())
        {
            result[int.Parse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture)] = Ints(property.Value);
        }

        return result;
    }

    /// <summary>An object whose keys are broker ids, of a field that may say more or nothing: what is not of that form counts as absent.</summary>
    public static SortedDictionary<int, long> LongsByNumber(JsonElement element, string name)
    {
        var result = new SortedDictionary<int, long>();
        if (!element.TryGetProperty(name, out var found) || found.ValueKind != JsonValueKind.Object) return result;
        foreach (var property in found.EnumerateObject())
        {
            if (int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
                && property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt64(out var value))
            {
                result[key] = value;
            }
        }

        return result;
    }

    public static void WriteLongsByNumber(Utf8JsonWriter writer, string name, IEnumerable<(int Key, long Value)> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values) writer.WriteNumber(key.ToString(CultureInfo.InvariantCulture), value);
        writer.WriteEndObject();
    }

    public static void WriteIntsByNumber(Utf8JsonWriter writer, string name, SortedDictionary<int, IReadOnlyList<int>> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, list) in values) WriteInts(writer, key.ToString(CultureInfo.InvariantCulture), list);
        writer.WriteEndObject();
    }
}
