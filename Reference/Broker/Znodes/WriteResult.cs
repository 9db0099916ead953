using System.Collections.Generic;
using Reference.Coordination;

namespace Reference.Broker.Znodes;

/// <summary>How an atomic write to the store ended.</summary>
/// <param name="Error">Ok, or why nothing was written by the last attempt.</param>
/// <param name="FailedOperation">Index of the operation that failed, or −1.</param>
/// <param name="Results">One entry per operation if all was written.</param>
/// <param name="Doubtful">
/// The reply to an earlier attempt was lost, so it may have been carried out: an error like BadVersion, NodeExists or NoNode may
/// then be the write's own trace. Read again and compare before believing it (KAFKA-1382).
/// </param>
public readonly record struct WriteResult(CoordinationError Error, int FailedOperation, IReadOnlyList<OpResult> Results, bool Doubtful)
{
    /// <summary>True if all was written.</summary>
    public bool Ok => Error == CoordinationError.Ok;

    /// <summary>Throws unless all was written.</summary>
    /// <exception cref="CoordinationException">The error.</exception>
    public void ThrowUnlessOk(string what)
    {
        if (!Ok) throw new CoordinationException(Error, $"{what} failed: {Error}") { FailedOperation = FailedOperation };
    }
}
