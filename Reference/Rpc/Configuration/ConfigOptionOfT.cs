using System;
using System.Globalization;

namespace Reference.Rpc.Configuration;

/// <summary>An option whose values are of type <typeparamref name="T"/>.</summary>
public sealed class ConfigOption<T> : ConfigOption
    where T : notnull
{
    private readonly Func<string, object?> _parse;
    private readonly Func<T, string?>? _check;
    private readonly Func<T, string> _print;

    /// <summary>Defines an option.</summary>
    /// <param name="name">Name in files.</param>
    /// <param name="type">What its values are, in words.</param>
    /// <param name="defaultValue">The value where none is given.</param>
    /// <param name="documentation">One sentence.</param>
    /// <param name="parse">Reads a trimmed text; null if it is no such value.</param>
    /// <param name="check">A complaint about a value that is not allowed, or null; none by default.</param>
    /// <param name="print">The text of a value; its ToString by default.</param>
    /// <param name="expected">What a value must be; the type by default.</param>
    public ConfigOption(
        string name,
        string type,
        T defaultValue,
        string documentation,
        Func<string, object?> parse,
        Func<T, string?>? check = null,
        Func<T, string>? print = null,
        string? expected = null)
        : base(name, type, expected ?? type, documentation)
    {
        Default = defaultValue;
        _parse = parse;
        _check = check;
        _print = print ?? (static v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? string.Empty);
    }

    /// <summary>The value where none is given.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override string DefaultText => _print(Default);

    /// <summary>Gives the value back if it is allowed.</summary>
    /// <exception cref="ConfigException">It is not.</exception>
    public T Check(T value) => _check?.Invoke(value) is { } complaint
        ? throw new ConfigException(Name, ConfigSentences.Client.Refused(string.Empty, this, _print(value), complaint))
        : value;

    internal override object? Read(string text, out string complaint)
    {
        complaint = $"its type is {Type}";
        if (_parse(text.Trim()) is not T value) return null;
        complaint = _check?.Invoke(value) ?? string.Empty;
        return complaint.Length == 0 ? value : null;
    }
}
