using System;

namespace Reference.Coordination;

/// <summary>The store has stopped serving because its disk failed. The process should end; a restart recovers what is durable.</summary>
public sealed class StoreHaltedException(Exception reason)
    : Exception($"The coordination store stops serving because its disk failed: {reason.Message} Mend the disk and restart it.", reason);
