using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Reference.Wire.Generator;

/// <summary>Turns a declared message and its nested structures into a <see cref="MessageModel"/>, or says what is wrong.</summary>
internal sealed class MessageParser
{
    private readonly List<Problem> _problems = [];

    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var parser = new MessageParser();
        var model = parser.ParseMessage((INamedTypeSymbol)context.TargetSymbol, context.Attributes[0], context.SemanticModel, cancellation);
        return new ParseResult(
            parser._problems.Count == 0 ? model : null,
            new EquatableArray<Problem>([.. parser._problems]));
    }

    private MessageModel? ParseMessage(INamedTypeSymbol type, AttributeData attribute, SemanticModel semantics, CancellationToken cancellation)
    {
        if (attribute.ConstructorArguments.Length != 3)
            return null;
        var key = attribute.ConstructorArguments[0];
        var isRequest = attribute.ConstructorArguments[1].Value is 0;
        var versions = VersionSpan.Parse(attribute.ConstructorArguments[2].Value as string);
        var flexible = VersionSpan.Parse(AttributeReader.Named(attribute, "Flexible", "none"));
        CheckShape(type, isRequest);
        if (versions is null || versions.IsEmpty || versions.Max == VersionSpan.Open || versions.Min > versions.Max)
            Report(ProblemCode.Versions, type, "versions must be a closed range such as \"0-9\"");
        if (flexible is null || (!flexible.IsEmpty && flexible.Max != VersionSpan.Open))
            Report(ProblemCode.Versions, type, "Flexible must be \"none\" or an open range such as \"9+\"");
        if (_problems.Count > 0)
            return null;

        var fields = new FieldParser(_problems, semantics, versions!, flexible!, type);
        var structs = new List<StructModel>();
        foreach (var nested in type.GetTypeMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            CheckRecord(nested);
            structs.Add(new StructModel(nested.Name, fields.ParseFields(nested)));
        }

        return new MessageModel(
            type.ContainingNamespace.ToDisplayString(),
            AttributeReader.EnumMember(key),
            key.Value is short value ? value : -1,
            isRequest,
            versions!,
            flexible!,
            new StructModel(type.Name, fields.ParseFields(type)),
            new EquatableArray<StructModel>([.. structs]),
            Place.Of(type));
    }

    private void CheckShape(INamedTypeSymbol type, bool isRequest)
    {
        CheckRecord(type);
        var suffix = isRequest ? "Request" : "Response";
        if (!type.Name.EndsWith(suffix, System.StringComparison.Ordinal) || type.Name.Length == suffix.Length)
            Report(ProblemCode.Shape, type, $"the name must end in \"{suffix}\"");
        if (type.ContainingType is not null)
            Report(ProblemCode.Shape, type, "a message must not be nested in another type");
    }

    private void CheckRecord(INamedTypeSymbol type)
    {
        var partial = type.DeclaringSyntaxReferences.Any(r =>
            r.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax t
            && t.Modifiers.Any(m => m.ValueText == "partial"));
        if (!type.IsRecord || type.IsValueType || !type.IsSealed || !partial || type.IsGenericType)
            Report(ProblemCode.Shape, type, "declare it as a non-generic \"sealed partial record\"");
    }

    private void Report(ProblemCode code, ISymbol symbol, string detail) =>
        _problems.Add(new Problem(code, Place.Of(symbol), symbol.Name, detail));
}

/// <summary>Small readers over attribute data.</summary>
internal static class AttributeReader
{
    public static string Named(AttributeData attribute, string name, string fallback) =>
        NamedValue(attribute, name) is string text ? text : fallback;

    public static object? NamedValue(AttributeData attribute, string name)
    {
        foreach (var pair in attribute.NamedArguments)
        {
            if (pair.Key == name)
                return pair.Value.Value;
        }

        return null;
    }

    public static string EnumMember(TypedConstant constant) =>
        constant.Type?.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, constant.Value))?.Name ?? "";

    public static AttributeData? Find(ISymbol symbol, string fullName) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == fullName);

    public static ImmutableArray<IPropertySymbol> Properties(INamedTypeSymbol type) =>
        [.. type.GetMembers().OfType<IPropertySymbol>().Where(p => !p.IsImplicitlyDeclared && !p.IsStatic)];
}
