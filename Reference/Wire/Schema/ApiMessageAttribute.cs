using System;

namespace Reference.Wire.Schema;

/// <summary>
/// Declares a record as a message of Kafka's protocol. Reader, writer, size, printer, equality and the row of
/// <see cref="SupportedApis"/> are generated from it; records nested in it are its structures.
/// </summary>
/// <param name="api">API that the message belongs to.</param>
/// <param name="kind">Request or response.</param>
/// <param name="versions">Valid versions as a closed range, e.g. <c>"0-9"</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ApiMessageAttribute(ApiKey api, MessageKind kind, string versions) : Attribute
{
    /// <summary>API that the message belongs to.</summary>
    public ApiKey Api { get; } = api;

    /// <summary>Request or response.</summary>
    public MessageKind Kind { get; } = kind;

    /// <summary>Valid versions.</summary>
    public string Versions { get; } = versions;

    /// <summary>Versions with compact lengths and tagged fields (KIP-482), e.g. <c>"9+"</c>, or <c>"none"</c>.</summary>
    public string Flexible { get; init; } = "none";
}
