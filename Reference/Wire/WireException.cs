using System;

namespace Reference.Wire;

/// <summary>Anything wrong with protocol data. Concerns one frame or batch; whether its connection survives is the caller's choice.</summary>
public abstract class WireException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="inner">Cause, if any.</param>
    protected WireException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Received bytes do not follow the format.</summary>
/// <param name="message">One sentence naming the field and offset where known.</param>
/// <param name="inner">Cause, if any.</param>
public sealed class WireFormatException(string message, Exception? inner = null) : WireException(message, inner);

/// <summary>An API version that is not declared.</summary>
/// <param name="api">API asked for.</param>
/// <param name="version">Version asked for.</param>
/// <param name="supported">Versions that are declared.</param>
public sealed class UnsupportedVersionException(ApiKey api, short version, VersionRange supported)
    : WireException($"Version {version} of {api} is not supported (supported: {supported}).")
{
    /// <summary>API asked for.</summary>
    public ApiKey Api { get; } = api;

    /// <summary>Version asked for.</summary>
    public short Version { get; } = version;

    /// <summary>Throws when the version is outside the range.</summary>
    public static void ThrowUnless(VersionRange supported, short version, ApiKey api)
    {
        if (!supported.Contains(version))
            throw new UnsupportedVersionException(api, version, supported);
    }
}

/// <summary>A value cannot be expressed in the version it is written for.</summary>
/// <param name="field">Message and field.</param>
/// <param name="version">Version written.</param>
/// <param name="reason">What stands in the way.</param>
public sealed class UnsupportedFieldException(string field, short version, string reason = "the version has no such field")
    : WireException($"The value of {field} cannot be written in version {version}: {reason}.")
{
    /// <summary>Message and field.</summary>
    public string Field { get; } = field;

    /// <summary>Version written.</summary>
    public short Version { get; } = version;
}
