namespace Scenarios.History;

/// <summary>How a send ended, as far as its producer can know.</summary>
public enum SendOutcome
{
    /// <summary>Not ended.</summary>
    Pending,

    /// <summary>Acknowledged with an offset.</summary>
    Acknowledged,

    /// <summary>Certainly not in the log, and never will be.</summary>
    Failed,

    /// <summary>Timeout, disconnect or the like after sending: may or may not be in the log.</summary>
    Unknown,
}

/// <summary>One send of a producer. Values are unique over a run.</summary>
/// <param name="producer">Who sent.</param>
/// <param name="burst">Counts the producer's bursts: sends of one burst were handed over together, as one.</param>
/// <param name="partition">"topic-partition".</param>
/// <param name="value">What.</param>
/// <param name="allReplicas">True for acks=all.</param>
public sealed class SendOperation(string producer, int burst, string partition, string value, bool allReplicas)
{
    /// <summary>Who sent.</summary>
    public string Producer => producer;

    /// <summary>Which of the producer's bursts it belongs to.</summary>
    public int Burst => burst;

    /// <summary>"topic-partition".</summary>
    public string Partition => partition;

    /// <summary>What.</summary>
    public string Value => value;

    /// <summary>True for acks=all: only then does an acknowledgement promise that nothing is lost.</summary>
    public bool AllReplicas => allReplicas;

    /// <summary>How it ended.</summary>
    public SendOutcome Outcome { get; set; }

    /// <summary>The acknowledged offset, or -1.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>True if an unclean election has announced that the value is lost.</summary>
    public bool IsAnnouncedLost { get; set; }

    /// <summary>True if the value was acknowledged and the configuration promises that it stays.</summary>
    public bool IsPromised => allReplicas && Outcome == SendOutcome.Acknowledged && !IsAnnouncedLost;
}
