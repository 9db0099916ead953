using System;
using System.Collections.Generic;

namespace Reference.Rpc.Configuration;

/// <summary>All options of one subject (a broker, a topic, a producer): reads name-value pairs and refuses what does not exist.</summary>
public sealed class ConfigDefinition
{
    private readonly SortedDictionary<string, ConfigOption> _options = new(StringComparer.Ordinal);

    /// <summary>Defines the options of a subject.</summary>
    /// <param name="subject">Who has them, for messages: "producer".</param>
    /// <param name="options">The options, each name once.</param>
    public ConfigDefinition(string subject, params IReadOnlyList<ConfigOption> options)
    {
        Subject = subject;
        foreach (var option in options) _options.Add(option.Name, option);
    }

    /// <summary>Who has the options.</summary>
    public string Subject { get; }

    /// <summary>The options in the order of their names.</summary>
    public IEnumerable<ConfigOption> Options => _options.Values;

    /// <summary>The option of that name, or null.</summary>
    public ConfigOption? Find(string name) => _options.GetValueOrDefault(name);

    /// <summary>Reads a configuration; what is not given has its default.</summary>
    /// <exception cref="ConfigException">An unknown option (with the nearest known one) or a bad value.</exception>
    public ConfigValues Parse(IEnumerable<KeyValuePair<string, string>> given)
    {
        var values = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, text) in given)
        {
            var option = Find(name) ?? throw Unknown(name);
            values[name] = option.ParseBoxed(text);
        }

        return new ConfigValues(values);
    }

    private ConfigException Unknown(string name)
    {
        var hint = NearestName.Of(name, _options.Keys) is { } near ? $"did you mean {near}?" : $"the known ones are {string.Join(", ", _options.Keys)}.";
        return new ConfigException(name, $"The {Subject} has no option \"{name}\"; {hint}");
    }
}
