using System.Linq;

namespace Reference.Wire.Generator;

/// <summary>Emits what makes a message a readable value: printer, default test and structural equality.</summary>
internal static class ValueEmitter
{
    public static void EmitPrint(CodeWriter code, StructScope scope)
    {
        code.Line("/// <inheritdoc/>");
        code.Open("public void Print(global::System.Text.StringBuilder text)");
        code.Line($"var printer = new MessagePrinter(text, \"{(scope.IsRoot ? scope.Type.Name : "")}\");");
        foreach (var field in scope.Type.Fields)
        {
            code.Line($"if (!({StructScope.IsDefault(field, field.Name)}))");
            code.Line($"    printer.Field(\"{field.Name}\", {field.Name});");
        }

        code.Line("printer.End();");
        code.Close();
        code.Line();
        code.Line("/// <summary>One line of text: the fields that differ from their defaults.</summary>");
        code.Line("public override string ToString() => MessagePrinter.ToText(this);");
    }

    public static void EmitIsDefault(CodeWriter code, StructScope scope)
    {
        var terms = scope.Type.Fields.Select(f => $"({StructScope.IsDefault(f, f.Name)})").ToList();
        code.Line("/// <summary>True when every field has its default value.</summary>");
        code.Line($"public bool IsDefault() => {(terms.Count == 0 ? "true" : string.Join(" && ", terms))};");
    }

    public static void EmitEquality(CodeWriter code, StructScope scope)
    {
        var fields = scope.Type.Fields;
        code.Line("/// <summary>Equality of all fields, lists element by element and bytes by content.</summary>");
        code.Line($"public bool Equals({scope.Type.Name}? other) => other is not null{string.Concat(fields.Select(Term))};");
        code.Line();
        code.Line("/// <summary>A hash over the integral fields, the same in every process.</summary>");
        var parts = fields.Where(f => !f.IsArray && f.Kind is WireKind.Int16 or WireKind.Int32 or WireKind.Int64 or WireKind.Enum16)
            .Select(f => $"hash = unchecked(hash * 31 + (int){f.Name});");
        code.Open("public override int GetHashCode()");
        code.Line("int hash = 17;");
        foreach (var part in parts)
            code.Line(part);
        code.Line("return hash;");
        code.Close();
    }

    private static string Term(FieldModel field)
    {
        if (field.IsArray || field.Kind is WireKind.Bytes)
            return $" && WireEquality.Same({field.Name}, other.{field.Name})";
        return field.Kind is WireKind.Struct
            ? $" && {field.Name}.Equals(other.{field.Name})"
            : $" && {field.Name} == other.{field.Name}";
    }
}
