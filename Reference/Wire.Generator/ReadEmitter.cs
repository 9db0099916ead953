using System.Linq;

namespace Reference.Wire.Generator;

/// <summary>Emits <c>Read</c>.</summary>
internal static class ReadEmitter
{
    public static void Emit(CodeWriter code, StructScope scope)
    {
        code.Line("/// <summary>Reads the fields that the version carries; the others keep their defaults.</summary>");
        code.Line("/// <exception cref=\"WireFormatException\">The bytes are not such a message.</exception>");
        code.Open($"public static {scope.Type.Name} Read(ref WireReader reader, short version)");
        if (scope.IsRoot)
            code.Line("UnsupportedVersionException.ThrowUnless(Versions, version, Api);");
        code.Line($"bool flexible = {scope.Flexible};");
        code.Line($"var value = new {scope.Type.Name}();");
        foreach (var field in scope.Plain)
        {
            var guarded = code.OpenIf(scope.Carries(field));
            EmitField(code, scope, field);
            if (guarded)
                code.Close();
        }

        EmitTags(code, scope);
        code.Line("return value;");
        code.Close();
    }

    private static void EmitTags(CodeWriter code, StructScope scope)
    {
        if (scope.Message.Flexible.IsEmpty)
            return;
        if (!scope.Tagged.Any())
        {
            code.Line("if (flexible)");
            code.Line("    reader.SkipTaggedFields();");
            return;
        }

        code.Open("if (flexible)");
        code.Open("for (int left = reader.ReadTagCount(); left > 0; left--)");
        code.Line("int tag = reader.ReadTag(out int end);");
        code.Open("switch (tag)");
        foreach (var field in scope.Tagged)
        {
            var condition = scope.Carries(field);
            code.Open($"case {MessageEmitter.Text(field.Tag)}{(condition == "true" ? "" : " when " + condition)}:");
            EmitField(code, scope, field);
            code.Line("break;");
            code.Close();
        }

        code.Line("default:");
        code.Line("    reader.SkipTo(end);");
        code.Line("    break;");
        code.Close();
        code.Line($"reader.ExpectTagEnd(end, \"{scope.Type.Name}\");");
        code.Close();
        code.Close();
    }

    private static void EmitField(CodeWriter code, StructScope scope, FieldModel field)
    {
        if (!field.IsArray)
        {
            code.Line($"value.{field.Name} = {Value(scope, field)};");
            return;
        }

        code.Open("");
        code.Line($"int count = reader.ReadArrayLength(flexible, {scope.AllowsNull(field)}, {MessageEmitter.Text(MinSize(field.Kind))}, {scope.Label(field)});");
        if (field.IsNullableType)
        {
            code.Line("if (count < 0)");
            code.Line($"    value.{field.Name} = null;");
            code.Open("else");
        }

        code.Line($"var items = new global::System.Collections.Generic.List<{field.TypeName}>(WireReader.InitialCapacity(count));");
        code.Line("for (; count > 0; count--)");
        code.Line($"    items.Add({Element(scope, field)});");
        code.Line($"value.{field.Name} = items;");
        if (field.IsNullableType)
            code.Close();
        code.Close();
    }

    private static string Value(StructScope scope, FieldModel field) => field.Kind switch
    {
        WireKind.String when field.IsNullableType => $"reader.ReadNullableString(flexible, {scope.AllowsNull(field)}, {scope.Label(field)})",
        WireKind.Bytes => $"reader.ReadNullableBytes(flexible, {scope.AllowsNull(field)}, {scope.Label(field)})",
        _ => Element(scope, field),
    };

    private static string Element(StructScope scope, FieldModel field) => field.Kind switch
    {
        WireKind.Boolean => "reader.ReadBoolean()",
        WireKind.Int8 => "reader.ReadInt8()",
        WireKind.Int16 => "reader.ReadInt16()",
        WireKind.Int32 => "reader.ReadInt32()",
        WireKind.Int64 => "reader.ReadInt64()",
        WireKind.Enum16 => $"({field.TypeName})reader.ReadInt16()",
        WireKind.Uuid => "reader.ReadUuid()",
        WireKind.Struct => $"{field.TypeName}.Read(ref reader, version)",
        _ => $"reader.ReadString(flexible, {scope.Label(field)})",
    };

    /// <summary>Fewest bytes that an element takes: the bound on how many can follow.</summary>
    private static int MinSize(WireKind kind) => kind switch
    {
        WireKind.Int16 or WireKind.Enum16 => 2,
        WireKind.Int32 => 4,
        WireKind.Int64 => 8,
        WireKind.Uuid => 16,
        _ => 1,
    };
}
