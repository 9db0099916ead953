using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Reference.Wire;
using Reference.Wire.Schema;

namespace Tests.Reference.Wire;

/// <summary>All declared messages, found by their attribute and not by the generated table.</summary>
internal static class MessageCatalog
{
    private static readonly ConcurrentDictionary<Type, ApiMessageAttribute> s_attributes = new();

    /// <summary>Message types in order of API key, requests first.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(WireReader).Assembly.GetTypes()
            .Where(t => t.GetCustomAttribute<ApiMessageAttribute>() is not null)
            .OrderBy(t => Attribute(t).Api)
            .ThenBy(t => Attribute(t).Kind),
    ];

    public static ApiMessageAttribute Attribute(Type message) =>
        s_attributes.GetOrAdd(message, static type => type.GetCustomAttribute<ApiMessageAttribute>()!);

    /// <summary>The declared versions.</summary>
    public static IEnumerable<short> Versions(Type message)
    {
        var range = Range(Attribute(message).Versions);
        for (var version = range.Min; version <= range.Max; version++)
            yield return version;
    }

    public static bool IsFlexible(Type message, short version) => Range(Attribute(message).Flexible).Contains(version);

    /// <summary>Every message in every version.</summary>
    public static IEnumerable<(Type Message, short Version)> Everything() =>
        All.SelectMany(message => Versions(message).Select(version => (message, version)));

    /// <summary>Reads a message body through the generated table.</summary>
    public static IApiMessage Read(Type message, short version, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        var attribute = Attribute(message);
        var result = attribute.Kind == MessageKind.Request
            ? SupportedApis.ReadRequest(attribute.Api, ref reader, version)
            : SupportedApis.ReadResponse(attribute.Api, ref reader, version);
        reader.ExpectEnd(message.Name);
        return result;
    }

    public static VersionRange Range(string text)
    {
        if (text == "none")
            return VersionRange.None;
        if (text.EndsWith('+'))
            return new VersionRange(short.Parse(text[..^1]), short.MaxValue);
        var parts = text.Split('-');
        return new VersionRange(short.Parse(parts[0]), short.Parse(parts[^1]));
    }
}
