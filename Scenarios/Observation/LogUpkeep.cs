namespace Scenarios.Observation;

/// <summary>What brokers may do to the records of a topic that are committed: which holes a checker has to bear. Nothing, by default.</summary>
/// <param name="Compacts">Records that a later one of their key supersedes go, and tombstones after a while.</param>
/// <param name="Deletes">The log's start moves up, by age, by size and on request.</param>
/// <param name="MinCompactionLagMillis">min.compaction.lag.ms.</param>
/// <param name="DeleteRetentionMillis">delete.retention.ms.</param>
/// <param name="RetentionMillis">retention.ms; 0 where nothing goes by its age.</param>
/// <param name="RetentionBytes">retention.bytes; 0 where nothing goes by the log's size.</param>
public readonly record struct LogUpkeep(
    bool Compacts, bool Deletes, long MinCompactionLagMillis, long DeleteRetentionMillis, long RetentionMillis = 0, long RetentionBytes = 0)
{
    /// <summary>True if the log may begin above offset 0.</summary>
    public bool MovesStart => Compacts || Deletes;
}
