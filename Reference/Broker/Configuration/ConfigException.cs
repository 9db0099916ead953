using System;

namespace Reference.Broker.Configuration;

/// <summary>An option has an unknown name or a wrong value: one sentence names the option, the value and what is expected.</summary>
public sealed class ConfigException(string option, string message) : Exception(message)
{
    /// <summary>The option concerned.</summary>
    public string Option { get; } = option;
}
