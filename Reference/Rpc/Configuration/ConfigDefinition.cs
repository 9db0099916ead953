using System;
using System.Collections.Generic;

namespace Reference.Rpc.Configuration;

/// <summary>All options of one subject (a broker, a topic, a producer): reads name-value pairs and refuses what does not exist.</summary>
public sealed class ConfigDefinition
{
    private readonly SortedDictionary<string, ConfigOption> _options = new(StringComparer.Ordinal);
    private readonly ConfigSentences _sentences;

    /// <summary>Defines the options of a subject whose refusals are <see cref="ConfigSentences.Client"/>'s.</summary>
    /// <param name="subject">Who has them, for messages: "producer".</param>
    /// <param name="options">The options, each name once.</param>
    public ConfigDefinition(string subject, params IReadOnlyList<ConfigOption> options)
        : this(subject, ConfigSentences.Client, options)
    {
    }

    /// <summary>Defines the options of a subject.</summary>
    /// <param name="subject">Who has them, for messages: "broker".</param>
    /// <param name="sentences">How refusals are worded.</param>
    /// <param name="options">The options, each name once.</param>
    public ConfigDefinition(string subject, ConfigSentences sentences, params IReadOnlyList<ConfigOption> options)
    {
        Subject = subject;
        _sentences = sentences;
        foreach (var option in options) _options.Add(option.Name, option);
    }

    /// <summary>Who has the options.</summary>
    public string Subject { get; }

    /// <summary>The options in the order of their names.</summary>
    public IReadOnlyCollection<ConfigOption> Options => _options.Values;

    /// <summary>The option of that name, or null.</summary>
    public ConfigOption? Find(string name) => _options.GetValueOrDefault(name);

    /// <summary>Reads a configuration; what is not given has its default.</summary>
    /// <exception cref="ConfigException">An unknown option (with the nearest known one) or a bad value.</exception>
    public ConfigValues Parse(IEnumerable<KeyValuePair<string, string>> given)
    {
        var values = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, text) in given) values[name] = Read(name, text);
        return new ConfigValues(values);
    }

    /// <summary>Reads one value.</summary>
    /// <exception cref="ConfigException">An unknown option or a bad value.</exception>
    internal object Read(string name, string text)
    {
        var option = Find(name) ?? throw new ConfigException(name, _sentences.Unknown(Subject, name, _options.Keys));
        var value = option.Read(text, out var complaint);
        return value ?? throw new ConfigException(name, _sentences.Refused(Subject, option, text, complaint));
    }
}
