using Microsoft.CodeAnalysis;

namespace Reference.Wire.Generator;

/// <summary>How a property's C# type maps to the wire.</summary>
/// <param name="Kind">Kind of the value or element.</param>
/// <param name="IsArray">True for a list.</param>
/// <param name="TypeName">Fully qualified value or element type.</param>
/// <param name="IsNullable">True when the property admits null.</param>
internal sealed record TypeShape(WireKind Kind, bool IsArray, string TypeName, bool IsNullable)
{
    /// <summary>The shape of a type, or null when it cannot travel.</summary>
    /// <param name="type">Property type.</param>
    /// <param name="message">Message whose nested records count as structures.</param>
    public static TypeShape? Of(ITypeSymbol type, INamedTypeSymbol message)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } optional)
            return Bytes(optional.TypeArguments[0]);
        var nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { Name: "List", Arity: 1 } list
            && list.ContainingNamespace.ToDisplayString() == "System.Collections.Generic")
        {
            return Value(list.TypeArguments[0], message) is { } element ? new TypeShape(element.Kind, true, element.Name, nullable) : null;
        }

        return Value(type, message) is { } value ? new TypeShape(value.Kind, false, value.Name, nullable) : null;
    }

    private static TypeShape? Bytes(ITypeSymbol inner) =>
        inner.ToDisplayString() == "System.ReadOnlyMemory<byte>"
            ? new TypeShape(WireKind.Bytes, false, "global::System.ReadOnlyMemory<byte>", true)
            : null;

    private static (WireKind Kind, string Name)? Value(ITypeSymbol type, INamedTypeSymbol message) => type.SpecialType switch
    {
        SpecialType.System_Boolean => (WireKind.Boolean, "bool"),
        SpecialType.System_SByte => (WireKind.Int8, "sbyte"),
        SpecialType.System_Int16 => (WireKind.Int16, "short"),
        SpecialType.System_Int32 => (WireKind.Int32, "int"),
        SpecialType.System_Int64 => (WireKind.Int64, "long"),
        SpecialType.System_String => (WireKind.String, "string"),
        _ => Named(type, message),
    };

    private static (WireKind Kind, string Name)? Named(ITypeSymbol type, INamedTypeSymbol message)
    {
        if (type is INamedTypeSymbol { EnumUnderlyingType.SpecialType: SpecialType.System_Int16 })
            return (WireKind.Enum16, "global::" + type.ToDisplayString());
        if (type.ToDisplayString() == "Reference.Wire.Uuid")
            return (WireKind.Uuid, "global::Reference.Wire.Uuid");
        return SymbolEqualityComparer.Default.Equals(type.ContainingType, message) ? (WireKind.Struct, type.Name) : null;
    }
}
