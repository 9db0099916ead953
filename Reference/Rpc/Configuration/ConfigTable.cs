using System;
using System.Collections.Generic;
using System.Linq;

namespace Reference.Rpc.Configuration;

/// <summary>
/// A definition whose options stand in a typed record: a value that is read becomes a copy of the record with it. What is not
/// given stays as it was, so that one configuration (a topic's) can override another (its broker's).
/// </summary>
/// <typeparam name="TConfig">The record.</typeparam>
public sealed class ConfigTable<TConfig>
    where TConfig : class
{
    private readonly Dictionary<string, ConfigEntry<TConfig>> _entries = new(StringComparer.Ordinal);
    private readonly ConfigDefinition _definition;

    /// <summary>A table; <paramref name="subject"/> names its owner in messages, such as "broker".</summary>
    public ConfigTable(string subject, IReadOnlyList<ConfigEntry<TConfig>> entries)
    {
        foreach (var entry in entries) _entries.Add(entry.Option.Name, entry);
        _definition = new ConfigDefinition(subject, ConfigSentences.Server, [.. entries.Select(static e => e.Option)]);
    }

    /// <summary>The options in the order of their names.</summary>
    public IReadOnlyCollection<ConfigOption> Options => _definition.Options;

    /// <summary>True if there is an option of that name.</summary>
    public bool Knows(string name) => _entries.ContainsKey(name);

    /// <summary>The configuration with all given values in it; of several wrong ones the first by name is reported.</summary>
    /// <exception cref="ConfigException">An unknown name or a wrong value.</exception>
    public TConfig Apply(TConfig config, IReadOnlyDictionary<string, string> values)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values) sorted.Add(name, value);
        foreach (var (name, value) in sorted) config = Apply(config, name, value);
        return config;
    }

    /// <summary>The configuration with one value in it.</summary>
    /// <exception cref="ConfigException">An unknown name or a wrong value.</exception>
    public TConfig Apply(TConfig config, string name, string value)
    {
        var read = _definition.Read(name, value);
        return _entries[name].Set(config, read);
    }
}
