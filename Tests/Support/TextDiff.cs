using System;
using System.Text;

namespace Tests.Support;

/// <summary>Shows where two texts part.</summary>
internal static class TextDiff
{
    private const int Context = 2;
    private const int MaxLines = 12;

    /// <summary>
    /// The first differing stretch with two lines around it: <c>-</c> approved, <c>+</c> received, at most 12 lines of each.
    /// </summary>
    public static string Excerpt(string expected, string actual)
    {
        var old = expected.Split('\n');
        var now = actual.Split('\n');
        var common = Math.Min(old.Length, now.Length);
        var head = 0;
        while (head < common && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < common - head && old[old.Length - 1 - tail] == now[now.Length - 1 - tail])
            tail++;

        var text = new StringBuilder($"first difference in line {head + 1}:\n");
        for (var i = Math.Max(0, head - Context); i < head; i++)
            text.Append($"  {old[i]}\n");
        Append(text, '-', old.AsSpan(head, old.Length - tail - head));
        Append(text, '+', now.AsSpan(head, now.Length - tail - head));
        for (var i = old.Length - tail; i < Math.Min(old.Length, old.Length - tail + Context); i++)
            text.Append($"  {old[i]}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, char sign, ReadOnlySpan<string> lines)
    {
        for (var i = 0; i < Math.Min(MaxLines, lines.Length); i++)
            text.Append($"{sign} {lines[i]}\n");
        if (lines.Length > MaxLines)
            text.Append($"{sign} … {lines.Length - MaxLines} more lines\n");
    }
}
