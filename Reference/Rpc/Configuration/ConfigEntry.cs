using System;

namespace Reference.Rpc.Configuration;

/// <summary>An option and its place in a typed record.</summary>
/// <typeparam name="TConfig">The record.</typeparam>
public sealed class ConfigEntry<TConfig>
    where TConfig : class
{
    private ConfigEntry(ConfigOption option, Func<TConfig, object, TConfig> set)
    {
        Option = option;
        Set = set;
    }

    /// <summary>The option.</summary>
    public ConfigOption Option { get; }

    /// <summary>A copy of the record with a value that the option has read.</summary>
    internal Func<TConfig, object, TConfig> Set { get; }

    /// <summary>Binds an option to its place.</summary>
    /// <param name="option">The option.</param>
    /// <param name="set">A copy of the record with the value.</param>
    public static ConfigEntry<TConfig> Of<T>(ConfigOption<T> option, Func<TConfig, T, TConfig> set)
        where T : notnull => new(option, (config, value) => set(config, (T)value));
}
