using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Reference.Wire.Schema;

/// <summary>Writes messages as one line of text for traces: <c>Name{Field: value, List: [a, b]}</c>.</summary>
/// <remarks>Bytes are shown by their count: a trace names records, it does not hold them.</remarks>
public ref struct MessagePrinter
{
    private readonly StringBuilder _text;
    private bool _any;

    /// <summary>Opens a structure.</summary>
    /// <param name="text">Destination.</param>
    /// <param name="name">Name before the brace, may be empty.</param>
    public MessagePrinter(StringBuilder text, string name)
    {
        _text = text;
        _text.Append(name).Append('{');
    }

    /// <summary>The whole text of one structure.</summary>
    public static string ToText(IWireStruct value)
    {
        var text = new StringBuilder();
        value.Print(text);
        return text.ToString();
    }

    /// <summary>Prints a field.</summary>
    public void Field<T>(string name, T value)
    {
        Name(name);
        Value(value);
    }

    /// <summary>Prints a list field.</summary>
    public void Field<T>(string name, List<T>? values)
    {
        Name(name);
        if (values is null)
        {
            _text.Append("null");
            return;
        }

        _text.Append('[');
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                _text.Append(", ");
            Value(values[i]);
        }

        _text.Append(']');
    }

    /// <summary>Closes the structure.</summary>
    public readonly void End() => _text.Append('}');

    private void Name(string name)
    {
        if (_any)
            _text.Append(", ");
        _any = true;
        _text.Append(name).Append(": ");
    }

    private readonly void Value<T>(T value)
    {
        switch (value)
        {
            case null:
                _text.Append("null");
                break;
            case IWireStruct structure:
                structure.Print(_text);
                break;
            case string text:
                _text.Append('"').Append(text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
                break;
            case ReadOnlyMemory<byte> bytes:
                _text.Append(CultureInfo.InvariantCulture, $"<{bytes.Length} bytes>");
                break;
            case bool flag:
                _text.Append(flag ? "true" : "false");
                break;
            default:
                _text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }
}
