using System;

namespace Reference.Rpc;

/// <summary>
/// A peer sent something that is no frame of the protocol: a negative, oversized or truncated length, or a body that its handler
/// could not read. Its scope is one connection: that connection is closed, all others go on.
/// </summary>
public sealed class FrameException : Exception
{
    /// <summary>One sentence that names what was announced and what is allowed.</summary>
    public FrameException(string message) : base(message)
    {
    }

    /// <summary>The same, with what the body's reader found.</summary>
    public FrameException(string message, Exception inner) : base(message, inner)
    {
    }
}
