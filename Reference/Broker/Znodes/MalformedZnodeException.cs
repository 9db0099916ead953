using System;

namespace Reference.Broker.Znodes;

/// <summary>The data of a znode cannot be understood.</summary>
public sealed class MalformedZnodeException(string path, string reason, Exception? inner = null)
    : Exception($"The data of znode {path} cannot be read: {reason}", inner)
{
    /// <summary>The znode.</summary>
    public string Path { get; } = path;
}
