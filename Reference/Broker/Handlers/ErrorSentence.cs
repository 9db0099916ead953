using System;

namespace Reference.Broker.Handlers;

/// <summary>The sentence that goes to a client beside an error code. It often repeats what the client sent, and that can be long.</summary>
internal static class ErrorSentence
{
    /// <summary>Longest sentence sent, in characters; a string of the protocol ends at 32,767 bytes.</summary>
    public const int MaxLength = 1000;

    /// <summary>The sentence, cut off where it is too long to be read or sent.</summary>
    public static string? Of(string? message) => message is { Length: > MaxLength } ? string.Concat(message.AsSpan(0, MaxLength), "…") : message;
}
