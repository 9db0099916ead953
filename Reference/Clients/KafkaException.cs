using System;
using Reference.Wire;

namespace Reference.Clients;

/// <summary>A request to the cluster failed.</summary>
public class KafkaException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="code">The broker's error code, or the nearest one where the client itself gave up.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="isUnknownOutcome">True if the request may have had its effect all the same.</param>
    /// <param name="inner">The cause, if any.</param>
    public KafkaException(ErrorCode code, string message, bool isUnknownOutcome = false, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        IsUnknownOutcome = isUnknownOutcome;
    }

    /// <summary>The broker's error code, or the nearest one where the client itself gave up.</summary>
    public ErrorCode Code { get; }

    /// <summary>True if the same request may succeed later.</summary>
    public bool IsRetriable => Code.IsRetriable();

    /// <summary>
    /// True if nobody knows whether the request had its effect: it, or an earlier attempt, was sent and not refused for good (time
    /// out, lost connection, a leader that stepped down). False: it surely had none.
    /// </summary>
    public bool IsUnknownOutcome { get; }
}
