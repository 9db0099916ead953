using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Simulator.Engine.Timelines;

/// <summary>Values in EDN, the notation of Clojure data in which Jepsen's histories stand.</summary>
public static class Edn
{
    /// <summary>A string.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c == '\n') text.Append("\\n");
            else if (c == '\r') text.Append("\\r");
            else if (c == '\t') text.Append("\\t");
            else if (c < ' ') text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(c);
        }

        return text.Append('"').ToString();
    }

    /// <summary>A whole number.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A keyword; what a keyword cannot hold becomes '-'.</summary>
    public static string Keyword(string name) => ":" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '?' or '!' ? c : '-'));

    /// <summary>A vector of values that are EDN already.</summary>
    public static string Vector(params IEnumerable<string> values) => $"[{string.Join(' ', values)}]";

    /// <summary>A map of keys and values that are EDN already.</summary>
    public static string Map(params IEnumerable<(string Key, string Value)> entries) => $"{{{string.Join(", ", entries.Select(e => $"{e.Key} {e.Value}"))}}}";
}
