using System;

namespace Reference.Wire.Schema;

/// <summary>
/// Declares a property as a field of a message. Fields travel in the order of their declaration; the property's
/// initializer is the default, which a reader leaves in place when the version lacks the field.
/// </summary>
/// <param name="versions">Versions that carry the field: <c>"0+"</c>, <c>"0-4"</c> or <c>"3"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string versions) : Attribute
{
    /// <summary>Versions that carry the field.</summary>
    public string Versions { get; } = versions;

    /// <summary>Versions in which the value may be null.</summary>
    public string Nullable { get; init; } = "none";

    /// <summary>Number of a tagged field, or -1 for an ordinary one. A tagged field at its default is not sent.</summary>
    public int Tag { get; init; } = -1;

    /// <summary>
    /// True when a value may be dropped silently by a version without the field; otherwise writing it throws
    /// <see cref="UnsupportedFieldException"/>.
    /// </summary>
    public bool Ignorable { get; init; }
}
