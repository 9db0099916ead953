using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reference.Wire.Generator;

/// <summary>Parses the properties of one record into fields.</summary>
internal sealed class FieldParser(
    List<Problem> problems,
    SemanticModel semantics,
    VersionSpan messageVersions,
    VersionSpan flexible,
    INamedTypeSymbol message)
{
    private const string FieldAttribute = "Reference.Wire.Schema.FieldAttribute";

    public EquatableArray<FieldModel> ParseFields(INamedTypeSymbol type)
    {
        var fields = new List<FieldModel>();
        foreach (var property in AttributeReader.Properties(type))
        {
            if (AttributeReader.Find(property, FieldAttribute) is { } attribute)
            {
                if (ParseField(property, attribute) is { } field)
                    fields.Add(field);
            }
            else if (!property.IsReadOnly)
            {
                Report(ProblemCode.Shape, property, "a settable property of a message needs [Field(\"versions\")]");
            }
        }

        CheckTags(type, fields);
        return new EquatableArray<FieldModel>([.. fields]);
    }

    private FieldModel? ParseField(IPropertySymbol property, AttributeData attribute)
    {
        var versions = VersionSpan.Parse(attribute.ConstructorArguments.FirstOrDefault().Value as string);
        var nullable = VersionSpan.Parse(AttributeReader.Named(attribute, "Nullable", "none"));
        var tag = AttributeReader.NamedValue(attribute, "Tag") is int t ? t : -1;
        if (versions is null || versions.IsEmpty || nullable is null)
        {
            Report(ProblemCode.Versions, property, "version ranges are written \"3\", \"0-4\" or \"2+\"");
            return null;
        }

        if (versions.Intersect(messageVersions).IsEmpty)
            Report(ProblemCode.Versions, property, "none of the message's versions carries this field");
        if (!versions.Contains(nullable))
            Report(ProblemCode.Versions, property, "Nullable must lie within the field's versions");
        if (tag >= 0 && (flexible.IsEmpty || versions.Min < flexible.Min))
            Report(ProblemCode.Tag, property, "a tagged field may only exist in flexible versions");

        var shape = TypeShape.Of(property.Type, message);
        if (shape is null)
        {
            Report(ProblemCode.FieldType, property, "use bool, sbyte, short, int, long, a short enum, Uuid, string, ReadOnlyMemory<byte>?, a record nested in the message, or a List of these");
            return null;
        }

        if (shape.IsNullable != !nullable.IsEmpty)
            Report(ProblemCode.Nullability, property, shape.IsNullable ? "its type is nullable, so Nullable = \"versions\" is needed" : "Nullable versions need a nullable type");
        if (!TryDefault(property, shape, out var text, out var isNull))
            Report(ProblemCode.Default, property, "the initializer must be a constant, [] for a list or new() for a structure, and a type without null needs one");

        var ignorable = AttributeReader.NamedValue(attribute, "Ignorable") is true;
        return new FieldModel(property.Name, shape.Kind, shape.IsArray, shape.TypeName, shape.IsNullable, versions, nullable, tag, ignorable, text, isNull);
    }

    private bool TryDefault(IPropertySymbol property, TypeShape shape, out string? text, out bool isNull)
    {
        text = null;
        isNull = false;
        var initializer = property.DeclaringSyntaxReferences
            .Select(r => r.GetSyntax())
            .OfType<PropertyDeclarationSyntax>()
            .Select(p => p.Initializer?.Value)
            .FirstOrDefault();
        if (initializer is null)
        {
            isNull = shape.IsNullable;
            return shape.IsNullable || (!shape.IsArray && shape.Kind is not (WireKind.String or WireKind.Struct));
        }

        if (shape.IsArray)
            return initializer is CollectionExpressionSyntax { Elements.Count: 0 };
        if (shape.Kind is WireKind.Struct)
            return initializer is ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0, Initializer: null };
        var constant = semantics.Compilation.GetSemanticModel(initializer.SyntaxTree).GetConstantValue(initializer);
        text = constant.HasValue ? Literal(constant.Value, shape) : null;
        return text is not null;
    }

    private static string? Literal(object? value, TypeShape shape) => value switch
    {
        string s => SymbolDisplay.FormatLiteral(s, true),
        bool b => b ? "true" : "false",
        null => null,
        _ when shape.Kind is WireKind.Enum16 => $"({shape.TypeName})({System.Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)})",
        _ => System.Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };

    private void CheckTags(INamedTypeSymbol type, List<FieldModel> fields)
    {
        var tags = fields.Where(f => f.IsTagged).Select(f => f.Tag).OrderBy(t => t).ToList();
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i] != i)
            {
                Report(ProblemCode.Tag, type, "tags must be unique and count up from 0");
                return;
            }
        }
    }

    private void Report(ProblemCode code, ISymbol symbol, string detail)
    {
        var owner = symbol.ContainingType is { } container ? container.Name + "." : "";
        problems.Add(new Problem(code, Place.Of(symbol), owner + symbol.Name, detail));
    }
}
