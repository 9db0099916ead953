using Microsoft.CodeAnalysis;

namespace Reference.Wire.Generator;

/// <summary>Kinds of wrong declarations.</summary>
internal enum ProblemCode
{
    Shape,
    Versions,
    FieldType,
    Nullability,
    Tag,
    Default,
    Pair,
}

/// <summary>The diagnostics of the generator; all are errors since a wrong codec must not be built.</summary>
internal static class Problems
{
    private const string Category = "Wire";

    private static readonly DiagnosticDescriptor Shape = new(
        "WIRE001", "Message declaration has the wrong shape", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor Versions = new(
        "WIRE002", "Wrong version range", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor FieldType = new(
        "WIRE003", "Type cannot travel on the wire", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor Nullability = new(
        "WIRE004", "Nullable versions and the property's type disagree", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor Tag = new(
        "WIRE005", "Wrong tag", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor Default = new(
        "WIRE006", "Wrong default", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor Pair = new(
        "WIRE007", "Request and response do not fit", "{0}: {1}", Category, DiagnosticSeverity.Error, true);

    public static DiagnosticDescriptor Descriptor(ProblemCode code) => code switch
    {
        ProblemCode.Shape => Shape,
        ProblemCode.Versions => Versions,
        ProblemCode.FieldType => FieldType,
        ProblemCode.Nullability => Nullability,
        ProblemCode.Tag => Tag,
        ProblemCode.Default => Default,
        _ => Pair,
    };
}
