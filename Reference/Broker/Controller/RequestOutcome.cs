using Reference.Wire;

namespace Reference.Broker.Controller;

/// <summary>Whether something asked for a partition or topic was accepted, or why not.</summary>
/// <param name="Error">Kafka's code.</param>
/// <param name="Message">One sentence; null on success.</param>
public readonly record struct RequestOutcome(ErrorCode Error, string? Message)
{
    /// <summary>Accepted.</summary>
    public static RequestOutcome Accepted { get; } = new(ErrorCode.None, null);

    /// <summary>The answer of a broker that is not the controller, or has just ceased to be: whoever asks looks for the one that is.</summary>
    public static RequestOutcome NotController { get; } = new(ErrorCode.NotController, "This broker is not the controller.");

    /// <summary>True if accepted.</summary>
    public bool IsAccepted => Error == ErrorCode.None;
}
