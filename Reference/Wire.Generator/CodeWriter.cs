using System.Text;

namespace Reference.Wire.Generator;

/// <summary>Indented source text.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', _depth * 4).Append(line);
        _text.Append('\n');
    }

    /// <summary>Writes a header line and an opening brace.</summary>
    public void Open(string line)
    {
        Line(line);
        Line("{");
        _depth++;
    }

    public void Close(string tail = "")
    {
        _depth--;
        Line("}" + tail);
    }

    /// <summary>Opens an "if" unless the condition is always true; tells whether <see cref="Close"/> is due.</summary>
    public bool OpenIf(string condition)
    {
        if (condition == "true")
            return false;
        Open($"if ({condition})");
        return true;
    }

    public override string ToString() => _text.ToString();
}
