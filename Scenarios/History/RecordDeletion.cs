namespace Scenarios.History;

/// <summary>A request to delete the records of a partition below an offset.</summary>
/// <param name="partition">"topic-partition".</param>
/// <param name="offset">The offset; -1 for the high watermark at the moment of the deletion.</param>
public sealed class RecordDeletion(string partition, long offset)
{
    /// <summary>"topic-partition".</summary>
    public string Partition => partition;

    /// <summary>The offset below which all may go; -1 for the high watermark at the moment of the deletion.</summary>
    public long Offset => offset;

    /// <summary>True once it is known to have been carried out.</summary>
    public bool IsDone { get; private set; }

    /// <summary>True once who asked for it waits no longer. If it is not done, it may still take effect for a while.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The records have been deleted, or it has failed or timed out and is not asked for again.</summary>
    public void End(bool isDone) => (IsDone, HasEnded) = (isDone, true);
}
