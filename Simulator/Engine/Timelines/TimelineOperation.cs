namespace Simulator.Engine.Timelines;

/// <summary>How an operation of a client ended, as far as the client can know.</summary>
public enum OperationOutcome : byte
{
    /// <summary>It has not ended.</summary>
    Pending,

    /// <summary>It took effect.</summary>
    Ok,

    /// <summary>It certainly did not take effect.</summary>
    Fail,

    /// <summary>It may or may not have taken effect, or may yet.</summary>
    Info,
}

/// <summary>One operation of a client. Values are in EDN notation (see <see cref="Edn"/>), as they stand in a history.</summary>
public sealed class TimelineOperation
{
    /// <summary>Index of the client's machine into <see cref="Timeline.Lanes"/>.</summary>
    public required int Lane { get; init; }

    /// <summary>What it does: send, poll, read, write, ….</summary>
    public required string Function { get; init; }

    /// <summary>Its value when it began.</summary>
    public required string Invoked { get; init; }

    /// <summary>Virtual time of its beginning.</summary>
    public required long BeginMicros { get; init; }

    /// <summary>Event of its beginning.</summary>
    public required long BeginEvent { get; init; }

    /// <summary>How it ended.</summary>
    public OperationOutcome Outcome { get; internal set; }

    /// <summary>Its value when it had ended; that of the beginning if nothing was learnt.</summary>
    public string? Completed { get; internal set; }

    /// <summary>Virtual time of its end; null while it is pending.</summary>
    public long? EndMicros { get; internal set; }

    /// <summary>Event of its end.</summary>
    public long EndEvent { get; internal set; }
}
