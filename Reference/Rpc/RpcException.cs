using System;

namespace Reference.Rpc;

/// <summary>Why a request got no reply.</summary>
public enum RpcFailure
{
    /// <summary>No connection could be opened.</summary>
    ConnectFailed,

    /// <summary>The connection broke, or the peer closed it.</summary>
    ConnectionLost,

    /// <summary>No reply within the request's time.</summary>
    TimedOut,

    /// <summary>The peer sent something that is no reply of the protocol.</summary>
    ProtocolViolation,

    /// <summary>This end closed the connection.</summary>
    Closed,
}

/// <summary>What is known of the request's effect.</summary>
public enum RpcOutcome
{
    /// <summary>No byte of it left: it has surely had no effect.</summary>
    NeverSent,

    /// <summary>It was sent, wholly or in part, and no reply came: it may or may not have had its effect.</summary>
    Unknown,
}

/// <summary>A request got no reply.</summary>
public sealed class RpcException(RpcFailure failure, RpcOutcome outcome, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public RpcFailure Failure { get; } = failure;

    /// <summary>What is known of the request's effect.</summary>
    public RpcOutcome Outcome { get; } = outcome;

    internal RpcException WithOutcome(RpcOutcome outcome) => new(Failure, outcome, Message, InnerException);
}
