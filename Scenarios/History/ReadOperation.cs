namespace Scenarios.History;

/// <summary>One record given to a consumer.</summary>
/// <param name="Consumer">Who read.</param>
/// <param name="Partition">"topic-partition".</param>
/// <param name="Position">Counts the consumer's seeks and assignments of the partition: only reads of one position follow one another.</param>
/// <param name="Poll">Counts the consumer's polls: which one gave the record.</param>
/// <param name="Offset">The record's offset.</param>
/// <param name="Value">The record's value.</param>
/// <param name="LeaderEpoch">The leader epoch in which it was written; -1 if the consumer does not tell.</param>
public readonly record struct ReadOperation(string Consumer, string Partition, int Position, int Poll, long Offset, string Value, int LeaderEpoch = -1);
