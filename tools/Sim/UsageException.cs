using System;

namespace tools.Sim;

/// <summary>The caller asked for something that is not there; the message is one sentence that names it and the remedy.</summary>
internal sealed class UsageException(string message) : Exception(message);
