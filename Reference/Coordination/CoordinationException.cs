using System;

namespace Reference.Coordination;

/// <summary>An operation on the coordination store failed.</summary>
public sealed class CoordinationException : Exception
{
    /// <summary>A failure that the server or the client tells of by its code.</summary>
    public CoordinationException(CoordinationError error, string message, Exception? inner = null) : base(message, inner) => Error = error;

    /// <summary>What went wrong.</summary>
    public CoordinationError Error { get; }

    /// <summary>True if the operation may have been carried out although its reply never came.</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>In a failed multi: the index of the operation that failed; else −1.</summary>
    public int FailedOperation { get; init; } = -1;
}
