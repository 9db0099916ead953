using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Linq;
using System.Reflection;
using Reference.Wire;
using Reference.Wire.Schema;

namespace Tests.Reference.Wire;

/// <summary>Where the values of a made instance come from.</summary>
internal interface IValueSource
{
    long Integer(long min, long max);

    string Text();

    byte[] Bytes();

    int Count();

    /// <summary>Whether to choose null (or, for a tagged field, the default) where it is allowed.</summary>
    bool Absent();
}

/// <summary>Makes instances of any message: the fields that a version carries get values, the others stay at their defaults.</summary>
internal static class InstanceMaker
{
    private static readonly ConcurrentDictionary<Type, DeclaredField[]> s_fields = new();

    public static IApiMessage Make(Type message, short version, IValueSource source) =>
        (IApiMessage)MakeStruct(message, version, source);

    private static object MakeStruct(Type type, short version, IValueSource source)
    {
        var instance = Activator.CreateInstance(type)!;
        foreach (var field in s_fields.GetOrAdd(type, FieldsOf))
        {
            if (field.Versions.Contains(version))
                Fill(instance, field, version, source);
        }

        return instance;
    }

    private static void Fill(object instance, DeclaredField field, short version, IValueSource source)
    {
        if (field.IsTagged && source.Absent())
            return;
        var absent = field.Nullable.Contains(version) && source.Absent();
        field.Property.SetValue(instance, absent ? null : MakeValue(field.Property.PropertyType, version, source));
    }

    private static DeclaredField[] FieldsOf(Type type) =>
    [
        .. from property in type.GetProperties()
           let attribute = property.GetCustomAttribute<FieldAttribute>()
           where attribute is not null
           select new DeclaredField(property, MessageCatalog.Range(attribute.Versions), MessageCatalog.Range(attribute.Nullable), attribute.Tag >= 0),
    ];

    private sealed record DeclaredField(PropertyInfo Property, VersionRange Versions, VersionRange Nullable, bool IsTagged);

    private static object MakeValue(Type type, short version, IValueSource source)
    {
        if (type == typeof(ReadOnlyMemory<byte>?))
            return new ReadOnlyMemory<byte>(source.Bytes());
        if (type.IsGenericType)
        {
            var list = (IList)Activator.CreateInstance(type)!;
            for (var count = source.Count(); count > 0; count--)
                list.Add(MakeValue(type.GetGenericArguments()[0], version, source));
            return list;
        }

        return type.IsClass && type != typeof(string) ? MakeStruct(type, version, source) : MakeScalar(type, source);
    }

    private static object MakeScalar(Type type, IValueSource source)
    {
        if (type == typeof(string))
            return source.Text();
        if (type == typeof(bool))
            return source.Integer(0, 1) == 1;
        if (type == typeof(sbyte))
            return (sbyte)source.Integer(sbyte.MinValue, sbyte.MaxValue);
        if (type == typeof(short))
            return (short)source.Integer(short.MinValue, short.MaxValue);
        if (type.IsEnum)
            return Enum.ToObject(type, (short)source.Integer(-1, 100));
        if (type == typeof(int))
            return (int)source.Integer(int.MinValue, int.MaxValue);
        if (type == typeof(long))
            return source.Integer(long.MinValue, long.MaxValue);
        return type == typeof(Uuid)
            ? new Uuid((ulong)source.Integer(long.MinValue, long.MaxValue), (ulong)source.Integer(long.MinValue, long.MaxValue))
            : throw new NotSupportedException($"No values for {type}.");
    }
}

/// <summary>Counts up: every value differs from its neighbours, and the same instance comes out every time.</summary>
internal sealed class CountingSource : IValueSource
{
    private int _next;

    public long Integer(long min, long max) => max == 1 ? 1 : ++_next;

    public string Text() => $"s{++_next}";

    public byte[] Bytes() => [0xB0, (byte)++_next];

    public int Count() => 2;

    public bool Absent() => false;
}

/// <summary>Draws everything, favouring the edges.</summary>
internal sealed class RandomSource(int seed) : IValueSource
{
    private readonly Random _random = new(seed);

    public long Integer(long min, long max) => _random.Next(6) switch
    {
        0 => min,
        1 => max,
        2 => Math.Clamp(-1, min, max),
        3 => Math.Clamp(0, min, max),
        _ => max == long.MaxValue ? _random.NextInt64() : _random.NextInt64(min, max + 1),
    };

    public string Text() => _random.Next(5) switch
    {
        0 => "",
        1 => new string('x', _random.Next(300)),
        2 => "thé-Ελλ-\U0001F40B",
        _ => "topic-" + _random.Next(100),
    };

    public byte[] Bytes()
    {
        var bytes = new byte[_random.Next(200)];
        _random.NextBytes(bytes);
        return bytes;
    }

    public int Count() => _random.Next(4);

    public bool Absent() => _random.Next(3) == 0;
}
