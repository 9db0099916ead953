using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Reference.Broker.Znodes;

/// <summary>The options set on a topic, as text by name.</summary>
public static class TopicConfigZnode
{
    /// <summary>Kafka's JSON.</summary>
    public static byte[] Encode(SortedDictionary<string, string> config) => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 1);
        w.WriteStartObject("config");
        foreach (var (name, value) in config) w.WriteString(name, value);
        w.WriteEndObject();
    });

    /// <summary>Why these options cannot be written down, as one sentence, or null.</summary>
    /// <param name="config">The options.</param>
    /// <param name="besides">Bytes of what is written with them in one request.</param>
    public static string? SizeProblem(SortedDictionary<string, string> config, int besides) =>
        Encode(config).Length is var bytes && bytes + (long)besides <= TopicZnode.MaxBytes
            ? null
            : $"The options need {bytes} bytes{(besides > 0 ? $" beside the {besides} of the assignment" : string.Empty)}; the coordination store takes {TopicZnode.MaxBytes} for a topic. Set fewer or shorter ones.";

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static SortedDictionary<string, string> Decode(string topic, ReadOnlyMemory<byte> data) =>
        DecodeAt(KafkaPaths.TopicConfig(topic), data);

    /// <summary>The same of what stands at another path: brokers' options have the same JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static SortedDictionary<string, string> DecodeAt(string path, ReadOnlyMemory<byte> data) => ZnodeJson.Read(path, data, ReadConfig);

    private static SortedDictionary<string, string> ReadConfig(JsonElement e)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in ZnodeJson.Field(e, "config").EnumerateObject())
        {
            result[property.Name] = property.Value.GetString() ?? throw new FormatException($"the option \"{property.Name}\" is null.");
        }

        return result;
    }
}

/// <summary>Tells brokers whose configuration has changed.</summary>
public static class ConfigChangeZnode
{
    /// <summary>Version 2 of Kafka's JSON; <paramref name="entityPath"/> such as "topics/orders".</summary>
    public static byte[] Encode(string entityPath) => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 2);
        w.WriteString("entity_path", entityPath);
    });

    /// <summary>Reads Kafka's JSON; version 1, which tools of Kafka 0.9 wrote, names type and name apart.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static string Decode(string path, ReadOnlyMemory<byte> data) => ZnodeJson.Read(path, data, ReadEntity);

    private static string ReadEntity(JsonElement e) => ZnodeJson.Int(e, "version") == 1
        ? $"{ZnodeJson.Text(e, "entity_type")}/{ZnodeJson.Text(e, "entity_name")}"
        : ZnodeJson.Text(e, "entity_path");
}
