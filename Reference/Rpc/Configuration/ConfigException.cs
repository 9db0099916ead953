using System;

namespace Reference.Rpc.Configuration;

/// <summary>A configuration names an option that does not exist, or gives one a value that it cannot have.</summary>
/// <param name="option">The name as it was given.</param>
/// <param name="message">One sentence with the remedy.</param>
public sealed class ConfigException(string option, string message) : Exception(message)
{
    /// <summary>The option concerned.</summary>
    public string Option { get; } = option;
}
