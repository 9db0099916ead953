using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Tests.House;

/// <summary>Writes, for a banned symbol, the smallest class that uses it.</summary>
internal static class BanProbe
{
    /// <summary>Source of a class <paramref name="name"/> with one use of the symbol.</summary>
    /// <exception cref="NotSupportedException">A kind of symbol for which no use is known.</exception>
    public static string Write(string name, ISymbol symbol, Compilation compilation) => symbol switch
    {
        INamedTypeSymbol type when IsAttribute(type) => $"class {name} {{ [{NameOf(type)}] static int used; static int Use() => used; }}",
        INamedTypeSymbol type => Using(name, $"_ = typeof({NameOf(Close(type, compilation))});"),
        IMethodSymbol method => Using(name, Call(method, compilation)),
        IPropertySymbol property => Using(name, $"_ = {Target(property, compilation)}.{property.Name};"),
        IFieldSymbol field => Using(name, $"_ = {Target(field, compilation)}.{field.Name};"),
        _ => throw new NotSupportedException($"write a probe for symbols of kind {symbol.Kind}"),
    };

    private static string Using(string name, string statement) => $"class {name} {{ static void Use() {{ {statement} }} }}";

    private static string Call(IMethodSymbol method, Compilation compilation)
    {
        var owner = Close(method.ContainingType, compilation);
        var open = owner.GetMembers(method.Name).OfType<IMethodSymbol>()
            .Single(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method));
        var closed = open.IsGenericMethod ? open.Construct([.. open.TypeParameters.Select(p => Argument(p, compilation))]) : open;
        var arguments = string.Join(", ", closed.Parameters.Select(p => $"default({NameOf(p.Type)})!"));
        if (method.MethodKind == MethodKind.Constructor)
            return $"_ = new {NameOf(owner)}({arguments});";
        var types = closed.IsGenericMethod ? $"<{string.Join(", ", closed.TypeArguments.Select(NameOf))}>" : "";
        return $"{Target(closed, compilation)}.{method.Name}{types}({arguments});";
    }

    private static string Target(ISymbol member, Compilation compilation)
    {
        var owner = NameOf(Close(member.ContainingType, compilation));
        return member.IsStatic ? owner : $"default({owner})!";
    }

    private static INamedTypeSymbol Close(INamedTypeSymbol type, Compilation compilation) =>
        type.IsGenericType && type.IsDefinition
            ? type.Construct([.. type.TypeParameters.Select(p => Argument(p, compilation))])
            : type;

    private static ITypeSymbol Argument(ITypeParameterSymbol parameter, Compilation compilation) =>
        compilation.GetSpecialType(parameter.HasReferenceTypeConstraint ? SpecialType.System_String : SpecialType.System_Int32);

    private static bool IsAttribute(INamedTypeSymbol type)
    {
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.ToDisplayString() == "System.Attribute")
                return true;
        }

        return false;
    }

    private static string NameOf(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
