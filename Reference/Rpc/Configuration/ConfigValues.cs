using System.Collections.Generic;

namespace Reference.Rpc.Configuration;

/// <summary>The values of a configuration that was read: given ones, and defaults for the rest.</summary>
public sealed class ConfigValues
{
    private readonly SortedDictionary<string, object> _given;

    internal ConfigValues(SortedDictionary<string, object> given) => _given = given;

    /// <summary>The names that were given.</summary>
    public IReadOnlyCollection<string> Given => _given.Keys;

    /// <summary>True if a value was given, be it the default.</summary>
    public bool IsGiven(ConfigOption option) => _given.ContainsKey(option.Name);

    /// <summary>The value given, or the default.</summary>
    public T Get<T>(ConfigOption<T> option)
        where T : notnull => _given.TryGetValue(option.Name, out var value) ? (T)value : option.Default;
}
