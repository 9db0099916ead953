using System;

namespace Reference.Broker.Storage;

/// <summary>What becomes of old segments (<c>cleanup.policy</c>): one of the two, or both.</summary>
[Flags]
public enum CleanupPolicies
{
    /// <summary>Deleted by time and size.</summary>
    Delete = 1,

    /// <summary>Compacted: of each key the latest record stays.</summary>
    Compact = 2,
}
