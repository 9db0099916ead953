using System;

namespace Reference.Coordination;

/// <summary>Another process, or another store in this one, uses the data directory.</summary>
public sealed class StoreInUseException(string directory)
    : Exception($"The data directory {directory} is in use by another coordination store: stop that one, or use another directory.");
