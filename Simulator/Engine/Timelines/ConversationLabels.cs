using System;

namespace Simulator.Engine.Timelines;

/// <summary>
/// Names what goes over one connection, in the words of its protocol. Sees all bytes of both directions in the order in which they
/// are sent, so it can follow frames over pieces and replies to their requests.
/// </summary>
public abstract class ConversationLabels
{
    /// <summary>The name of a piece of the stream: of the message that ends in it, or else of the one it is part of.</summary>
    /// <param name="fromDialler">The direction.</param>
    /// <param name="bytes">The piece, not empty.</param>
    public abstract string Label(bool fromDialler, ReadOnlySpan<byte> bytes);
}
