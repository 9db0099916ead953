namespace Scenarios.History;

/// <summary>A consumer was told that its position is not in the log any more.</summary>
/// <param name="Consumer">Who.</param>
/// <param name="Partition">"topic-partition".</param>
/// <param name="Message">What it was told.</param>
/// <param name="IsAnnounced">Whether an unclean election of the partition had taken place.</param>
public readonly record struct TruncationNotice(string Consumer, string Partition, string Message, bool IsAnnounced);
