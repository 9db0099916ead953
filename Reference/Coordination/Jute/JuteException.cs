using System;

namespace Reference.Coordination.Jute;

/// <summary>Bytes that are no record of the protocol.</summary>
public sealed class JuteException(string message) : Exception(message);
