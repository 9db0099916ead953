using System;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>A log cannot be compacted; it is left as it is until the broker starts again.</summary>
public sealed class UncleanableLogException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The log was cut, is about to be closed, or has lost segments to retention while it was being compacted: what was not exchanged yet is thrown away, and nothing noted.</summary>
internal sealed class CleaningAbortedException() : Exception("The log changed while it was being compacted.");
