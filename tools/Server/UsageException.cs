using System;

namespace tools.Server;

/// <summary>The command line or a file it names is wrong; the message is one sentence with the remedy.</summary>
internal sealed class UsageException(string message) : Exception(message);
