namespace Simulator.Engine.Timelines;

/// <summary>How a message ended.</summary>
public enum MessageEnd : byte
{
    /// <summary>It was still on its way when the run ended.</summary>
    UnderWay,

    /// <summary>It arrived.</summary>
    Arrived,

    /// <summary>It never arrives: nobody is there any more to send it again, or nobody to take it.</summary>
    Lost,
}

/// <summary>One piece of a stream between two machines, or a step of a handshake.</summary>
/// <param name="SentMicros">Virtual time at which it was sent.</param>
/// <param name="EndMicros">Virtual time at which it arrived or was lost; of the run's end while it is under way.</param>
/// <param name="SentEvent">Number of the event during which it was sent.</param>
/// <param name="EndEvent">Number of the event during which it arrived or was lost.</param>
/// <param name="Connection">Index into <see cref="Timeline.Connections"/>.</param>
/// <param name="From">Index of the sending machine into <see cref="Timeline.Lanes"/>.</param>
/// <param name="To">Index of the receiving machine.</param>
/// <param name="Label">Index into <see cref="Timeline.Labels"/>.</param>
/// <param name="Bytes">Its length; 0 for what carries none.</param>
/// <param name="End">How it ended.</param>
/// <param name="Weight">For how many messages it stands: 1, or more where a long run was thinned.</param>
public readonly record struct TimelineMessage(
    long SentMicros, long EndMicros, long SentEvent, long EndEvent, int Connection, int From, int To, int Label, int Bytes, MessageEnd End, int Weight);

/// <summary>A connection, by its two ends.</summary>
/// <param name="Dialler">"host:port" of the end that dialled.</param>
/// <param name="Acceptor">"host:port" of the end that accepted.</param>
public readonly record struct TimelineConnection(string Dialler, string Acceptor);
