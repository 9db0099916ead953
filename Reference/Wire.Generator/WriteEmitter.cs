using System.Linq;

namespace Reference.Wire.Generator;

/// <summary>Emits <c>Write</c>.</summary>
internal static class WriteEmitter
{
    public static void Emit(CodeWriter code, StructScope scope)
    {
        code.Line("/// <inheritdoc/>");
        code.Open("public void Write(ref WireWriter writer, short version)");
        if (scope.IsRoot)
            code.Line("UnsupportedVersionException.ThrowUnless(Versions, version, Api);");
        code.Line($"bool flexible = {scope.Flexible};");
        foreach (var field in scope.Plain)
            EmitPlain(code, scope, field);
        EmitTags(code, scope);
        code.Close();
    }

    private static void EmitPlain(CodeWriter code, StructScope scope, FieldModel field)
    {
        var carries = scope.Carries(field);
        var guarded = code.OpenIf(carries);
        EmitValue(code, scope, field);
        if (guarded)
            code.Close();
        if (guarded && !field.Ignorable)
            EmitRefusal(code, scope, field, "else if");
    }

    private static void EmitRefusal(CodeWriter code, StructScope scope, FieldModel field, string keyword)
    {
        code.Line($"{keyword} (!({StructScope.IsDefault(field, field.Name)}))");
        code.Line($"    throw new UnsupportedFieldException({scope.Label(field)}, version);");
    }

    private static void EmitTags(CodeWriter code, StructScope scope)
    {
        if (scope.Message.Flexible.IsEmpty)
            return;
        var tagged = scope.Tagged.ToList();
        if (tagged.Count == 0)
        {
            code.Line("if (flexible)");
            code.Line("    writer.WriteUnsignedVarint(0);");
            return;
        }

        code.Line("uint tags = 0;");
        foreach (var field in tagged)
        {
            var tag = MessageEmitter.Text(field.Tag);
            code.Line($"bool has{tag} = ({scope.Carries(field)}) && !({StructScope.IsDefault(field, field.Name)});");
            code.Line($"if (has{tag})");
            code.Line("    tags++;");
            if (!field.Ignorable && scope.Carries(field) != "true")
                EmitRefusal(code, scope, field, "else if");
        }

        code.Open("if (flexible)");
        code.Line("writer.WriteUnsignedVarint(tags);");
        foreach (var field in tagged)
        {
            var tag = MessageEmitter.Text(field.Tag);
            code.Open($"if (has{tag})");
            code.Line("int bytes = 0;");
            SizeEmitter.EmitValue(code, field, "bytes");
            code.Line($"writer.WriteTagHeader({tag}, bytes);");
            EmitValue(code, scope, field);
            code.Close();
        }

        code.Close();
    }

    private static void EmitValue(CodeWriter code, StructScope scope, FieldModel field)
    {
        if (!field.IsArray)
        {
            code.Line(Value(scope, field));
            return;
        }

        code.Line($"writer.WriteArrayLength({field.Name}{(field.IsNullableType ? "?.Count ?? -1" : ".Count")}, flexible, {scope.AllowsNull(field)}, {scope.Label(field)});");
        if (field.IsNullableType)
            code.Open($"if ({field.Name} is not null)");
        code.Line($"foreach (var item in {field.Name})");
        code.Line("    " + Element(scope, field, "item"));
        if (field.IsNullableType)
            code.Close();
    }

    private static string Value(StructScope scope, FieldModel field) => field.Kind switch
    {
        WireKind.String when field.IsNullableType => $"writer.WriteNullableString({field.Name}, flexible, {scope.AllowsNull(field)}, {scope.Label(field)});",
        WireKind.Bytes => $"writer.WriteNullableBytes({field.Name}, flexible, {scope.AllowsNull(field)}, {scope.Label(field)});",
        _ => Element(scope, field, field.Name),
    };

    private static string Element(StructScope scope, FieldModel field, string value) => field.Kind switch
    {
        WireKind.Boolean => $"writer.WriteBoolean({value});",
        WireKind.Int8 => $"writer.WriteInt8({value});",
        WireKind.Int16 => $"writer.WriteInt16({value});",
        WireKind.Int32 => $"writer.WriteInt32({value});",
        WireKind.Int64 => $"writer.WriteInt64({value});",
        WireKind.Enum16 => $"writer.WriteInt16((short){value});",
        WireKind.Uuid => $"writer.WriteUuid({value});",
        WireKind.Struct => $"{value}.Write(ref writer, version);",
        _ => $"writer.WriteString({value}, flexible, {scope.Label(field)});",
    };
}
