using System;

namespace Reference.Wire.Compression;

/// <summary>The native library of a compression is not installed; names the package that brings it.</summary>
/// <param name="type">Compression.</param>
/// <param name="library">File looked for.</param>
/// <param name="package">Debian package that holds it.</param>
/// <param name="inner">Error of the loader.</param>
public sealed class CodecUnavailableException(CompressionType type, string library, string package, Exception inner)
    : WireException($"Compression {type} needs {library}, which is not installed; install the package {package}.", inner)
{
    /// <summary>Compression.</summary>
    public CompressionType Type { get; } = type;
}
