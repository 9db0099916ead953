using Reference.Rpc;
using Reference.Wire;

namespace Reference.Clients.Network;

/// <summary>Turns what the connection and the wire report into <see cref="KafkaException"/>.</summary>
internal static class ClientErrors
{
    public static KafkaException From(RpcException error) => new(
        error.Failure == RpcFailure.TimedOut ? ErrorCode.RequestTimedOut : ErrorCode.NetworkException,
        error.Message,
        error.Outcome == RpcOutcome.Unknown,
        error);

    /// <summary>The answer came but cannot be read: the request may well have had its effect.</summary>
    public static KafkaException From(WireException error) =>
        new(ErrorCode.UnknownServerError, $"The broker's answer cannot be read: {error.Message}", isUnknownOutcome: true, error);

    /// <summary>A broker's error code that says for certain that nothing was done.</summary>
    public static KafkaException Refused(ErrorCode code, string what) => new(code, $"{what}: {code}.");
}
