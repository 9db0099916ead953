namespace Reference.Wire.Generator;

/// <summary>How a field's value (or its elements) travels.</summary>
internal enum WireKind
{
    Boolean,
    Int8,
    Int16,
    Int32,
    Int64,
    Enum16,
    Uuid,
    String,
    Bytes,
    Struct,
}

/// <summary>One declared field.</summary>
/// <param name="Name">Property name.</param>
/// <param name="Kind">Kind of the value, or of the elements of an array.</param>
/// <param name="IsArray">True for <c>List&lt;T&gt;</c>.</param>
/// <param name="TypeName">Fully qualified C# type of the value or element, without nullability.</param>
/// <param name="IsNullableType">True when the property's type admits null.</param>
/// <param name="Versions">Versions that carry the field.</param>
/// <param name="Nullable">Versions in which null may be written.</param>
/// <param name="Tag">Tag number, or -1 for an ordinary field.</param>
/// <param name="Ignorable">True when a version without the field silently drops its value.</param>
/// <param name="Default">C# text of the default for scalars and strings; null for "the type's empty value".</param>
/// <param name="DefaultIsNull">True when the default is null.</param>
internal sealed record FieldModel(
    string Name,
    WireKind Kind,
    bool IsArray,
    string TypeName,
    bool IsNullableType,
    VersionSpan Versions,
    VersionSpan Nullable,
    int Tag,
    bool Ignorable,
    string? Default,
    bool DefaultIsNull)
{
    public bool IsTagged => Tag >= 0;
}

/// <summary>A record with fields: the message itself or a structure nested in it.</summary>
/// <param name="Name">Type name.</param>
/// <param name="Fields">Fields in wire order.</param>
internal sealed record StructModel(string Name, EquatableArray<FieldModel> Fields);

/// <summary>A whole message.</summary>
/// <param name="Namespace">Namespace of the declaration.</param>
/// <param name="ApiKeyName">Member of the ApiKey enum.</param>
/// <param name="ApiKeyValue">Its number.</param>
/// <param name="IsRequest">Request or response.</param>
/// <param name="Versions">Valid versions, closed.</param>
/// <param name="Flexible">Flexible versions.</param>
/// <param name="Root">The message's own fields.</param>
/// <param name="Structs">Nested structures.</param>
/// <param name="Place">Where the declaration stands, for diagnostics that need several messages.</param>
internal sealed record MessageModel(
    string Namespace,
    string ApiKeyName,
    int ApiKeyValue,
    bool IsRequest,
    VersionSpan Versions,
    VersionSpan Flexible,
    StructModel Root,
    EquatableArray<StructModel> Structs,
    Place Place)
{
    /// <summary>The name shared by request and response, e.g. "Produce".</summary>
    public string ApiName => Root.Name.Substring(0, Root.Name.Length - (IsRequest ? "Request" : "Response").Length);
}

/// <summary>What parsing one declaration gave: a model unless there are problems.</summary>
/// <param name="Message">The model, or null.</param>
/// <param name="Problems">What is wrong with the declaration.</param>
internal sealed record ParseResult(MessageModel? Message, EquatableArray<Problem> Problems);
