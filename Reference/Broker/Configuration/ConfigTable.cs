using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;

namespace Reference.Broker.Configuration;

/// <summary>All options of a configuration; turns texts by name into the typed configuration and refuses what is unknown or wrong.</summary>
public sealed class ConfigTable<TConfig>
    where TConfig : class
{
    private readonly string _what;
    private readonly SortedDictionary<string, ConfigOption<TConfig>> _options = new(StringComparer.Ordinal);

    /// <summary>A table; <paramref name="what"/> names it in messages, such as "broker".</summary>
    public ConfigTable(string what, IEnumerable<ConfigOption<TConfig>> options)
    {
        _what = what;
        foreach (var option in options) _options.Add(option.Name, option);
    }

    /// <summary>The options in the order of their names.</summary>
    public IReadOnlyCollection<ConfigOption<TConfig>> Options => _options.Values;

    /// <summary>The configuration with all given values in it.</summary>
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
        if (!_options.TryGetValue(name, out var option)) throw Unknown(name);
        return option.Apply(config, value.Trim()) ?? throw new ConfigException(
            name,
            $"The {_what} option {name} has the value '{value}', but expected is {option.Expected}.");
    }

    private ConfigException Unknown(string name)
    {
        var nearest = NearestName.Of(name, _options.Keys);
        var hint = nearest is null ? string.Empty : $"; did you mean {nearest}?";
        return new ConfigException(name, $"There is no {_what} option {name}{(hint.Length > 0 ? hint : ".")}");
    }
}
