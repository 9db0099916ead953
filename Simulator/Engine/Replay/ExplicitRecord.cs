using System;
using System.Collections.Generic;
using System.ComponentModel.DataAnnotations;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Simulator.Engine.Replay;

/// <summary>
/// Writes a flat record of options as values by name and reads it back: whole numbers, flags, spans and ranges of spans. Spans are
/// written in whole microseconds under a name that ends in <c>Micros</c>; a <see cref="RangeAttribute"/> gives a number its bounds.
/// </summary>
public static class ExplicitRecord
{
    private const string Micros = "Micros";

    /// <summary>All options of a record, in ordinal order of their names.</summary>
    /// <exception cref="ArgumentException">An option is of a type that cannot be written.</exception>
    public static IReadOnlyDictionary<string, string> Write(object record)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in OptionsOf(record.GetType())) values.Add(NameOf(option), Text(option, option.GetValue(record)!));
        return values;
    }

    /// <summary>The record of these options.</summary>
    /// <param name="values">A value for each option, and no others. One that is not <c>required</c> may be missing, so that a record can grow.</param>
    /// <param name="owner">What they belong to, as the subject of a sentence.</param>
    /// <exception cref="ReplayException">One is missing, unknown, malformed or out of bounds.</exception>
    public static T Read<T>(IReadOnlyDictionary<string, string> values, string owner)
        where T : class
    {
        var reader = new ExplicitValues(values, owner);
        var record = Activator.CreateInstance<T>();
        foreach (var option in OptionsOf(typeof(T)))
        {
            if (values.ContainsKey(NameOf(option)) || IsRequired(option)) option.SetValue(record, Value(option, reader));
        }

        reader.EnsureAllRead();
        return record;
    }

    private static IEnumerable<PropertyInfo> OptionsOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite);

    private static bool IsRequired(PropertyInfo option) => option.IsDefined(typeof(RequiredMemberAttribute));

    private static string NameOf(PropertyInfo option)
    {
        var name = char.ToLowerInvariant(option.Name[0]) + option.Name[1..];
        return option.PropertyType == typeof(TimeSpan) || option.PropertyType == typeof(Range<TimeSpan>) ? name + Micros : name;
    }

    private static string Text(PropertyInfo option, object value) => value switch
    {
        int number => ExplicitValues.Of(number),
        short number => ExplicitValues.Of(number),
        bool flag => ExplicitValues.Of(flag),
        TimeSpan span => ExplicitValues.Of(span),
        Range<TimeSpan> spans => ExplicitValues.Of(spans),
        _ => throw Unwritable(option),
    };

    private static object Value(PropertyInfo option, ExplicitValues values)
    {
        var (name, type) = (NameOf(option), option.PropertyType);
        if (type == typeof(int)) return Number(option, values, int.MinValue, int.MaxValue);
        if (type == typeof(short)) return (short)Number(option, values, short.MinValue, short.MaxValue);
        if (type == typeof(bool)) return values.Flag(name);
        if (type == typeof(TimeSpan)) return values.Span(name);
        if (type == typeof(Range<TimeSpan>)) return values.Spans(name);
        throw Unwritable(option);
    }

    private static int Number(PropertyInfo option, ExplicitValues values, int least, int most)
    {
        var bounds = option.GetCustomAttribute<RangeAttribute>();
        return values.Number(NameOf(option), bounds?.Minimum as int? ?? least, bounds?.Maximum as int? ?? most);
    }

    private static ArgumentException Unwritable(PropertyInfo option) => new($"The option {option.Name} is of type {option.PropertyType}, which cannot be written as a value.");
}
