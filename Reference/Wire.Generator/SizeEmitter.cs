using System.Linq;

namespace Reference.Wire.Generator;

/// <summary>Emits <c>Size</c>.</summary>
internal static class SizeEmitter
{
    public static void Emit(CodeWriter code, StructScope scope)
    {
        code.Line("/// <inheritdoc/>");
        code.Open("public int Size(short version)");
        if (scope.IsRoot)
            code.Line("UnsupportedVersionException.ThrowUnless(Versions, version, Api);");
        code.Line($"bool flexible = {scope.Flexible};");
        code.Line("int size = 0;");
        foreach (var field in scope.Plain)
        {
            var guarded = code.OpenIf(scope.Carries(field));
            EmitValue(code, field, "size");
            if (guarded)
                code.Close();
        }

        EmitTags(code, scope);
        code.Line("return size;");
        code.Close();
    }

    /// <summary>Emits statements that add the field's size in bytes to a variable.</summary>
    public static void EmitValue(CodeWriter code, FieldModel field, string target)
    {
        if (!field.IsArray)
        {
            code.Line($"{target} += {Value(field, field.Name)};");
            return;
        }

        code.Line($"{target} += WireSize.ArrayLength({field.Name}{(field.IsNullableType ? "?.Count ?? -1" : ".Count")}, flexible);");
        var guard = field.IsNullableType ? code.OpenIf($"{field.Name} is not null") : false;
        if (FixedSize(field.Kind) is { } bytes)
        {
            code.Line($"{target} += {field.Name}.Count * {MessageEmitter.Text(bytes)};");
        }
        else
        {
            code.Line($"foreach (var item in {field.Name})");
            code.Line($"    {target} += {Value(field, "item")};");
        }

        if (guard)
            code.Close();
    }

    private static void EmitTags(CodeWriter code, StructScope scope)
    {
        if (scope.Message.Flexible.IsEmpty)
            return;
        code.Open("if (flexible)");
        if (scope.Tagged.Any())
            code.Line("uint tags = 0;");
        foreach (var field in scope.Tagged)
        {
            code.Open($"if (({scope.Carries(field)}) && !({StructScope.IsDefault(field, field.Name)}))");
            code.Line("int bytes = 0;");
            EmitValue(code, field, "bytes");
            code.Line($"size += WireSize.TagHeader({MessageEmitter.Text(field.Tag)}, bytes) + bytes;");
            code.Line("tags++;");
            code.Close();
        }

        code.Line(scope.Tagged.Any() ? "size += WireSize.UnsignedVarint(tags);" : "size++;");
        code.Close();
    }

    private static string Value(FieldModel field, string value) => field.Kind switch
    {
        WireKind.String => $"WireSize.String({value}, flexible)",
        WireKind.Bytes => $"WireSize.Bytes({value}, flexible)",
        WireKind.Struct => $"{value}.Size(version)",
        _ => MessageEmitter.Text(FixedSize(field.Kind) ?? 0),
    };

    private static int? FixedSize(WireKind kind) => kind switch
    {
        WireKind.Boolean or WireKind.Int8 => 1,
        WireKind.Int16 or WireKind.Enum16 => 2,
        WireKind.Int32 => 4,
        WireKind.Int64 => 8,
        WireKind.Uuid => 16,
        _ => null,
    };
}
