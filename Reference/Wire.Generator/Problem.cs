using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Reference.Wire.Generator;

/// <summary>A source place compared by value (a Roslyn Location would keep whole syntax trees alive in the cache).</summary>
/// <param name="Path">File path.</param>
/// <param name="Start">Start of the span in characters.</param>
/// <param name="Length">Length of the span in characters.</param>
/// <param name="Line">Zero-based line.</param>
/// <param name="Column">Zero-based column.</param>
internal sealed record Place(string Path, int Start, int Length, int Line, int Column)
{
    public static Place Of(ISymbol symbol)
    {
        var location = symbol.Locations.Length > 0 ? symbol.Locations[0] : Location.None;
        var start = location.GetLineSpan().StartLinePosition;
        return new Place(location.SourceTree?.FilePath ?? "", location.SourceSpan.Start, location.SourceSpan.Length, start.Line, start.Character);
    }

    public Location ToLocation() => Location.Create(
        Path,
        new TextSpan(Start, Length),
        new LinePositionSpan(new LinePosition(Line, Column), new LinePosition(Line, Column + Length)));
}

/// <summary>A diagnostic in equatable form.</summary>
/// <param name="Code">Index into <see cref="Problems"/>.</param>
/// <param name="Place">Where.</param>
/// <param name="Subject">The type or field that is wrong.</param>
/// <param name="Detail">What is wrong and how to mend it.</param>
internal sealed record Problem(ProblemCode Code, Place Place, string Subject, string Detail)
{
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Problems.Descriptor(Code), Place.ToLocation(), Subject, Detail);
}
