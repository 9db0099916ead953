using System;
using System.Collections.Generic;
using Scenarios.Observation;
using Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>
/// Small states of one partition, with what each invariant says of them: silence, or words that name the broker and the offset. Read
/// each as a story: broker 1 leads unless something else stands there, letters are records.
/// </summary>
public class PartitionInvariantTests
{
    private static Observed Healthy => new Observed().Store(1, 5, 1, 2, 3).Leader(1, 5, "abcd", 3).Follower(2, 5, "abc", 3).Follower(3, 5, "abcd", 2);

    public static TheoryData<string> AllNames => [.. All([]).ConvertAll(p => p.Name)];

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_a_healthy_partition_with_followers_a_little_behind(string name) => Holds(name, Healthy);

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_a_local_high_watermark_that_falls_across_an_election(string name) =>
        Holds(name, Healthy.Down(1).Store(3, 6, 2, 3).Leader(3, 6, "abcd", 2)); // 3 knew less of what was committed than 1

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_a_replica_that_is_down(string name) =>
        Holds(name, Healthy.Follower(3, 5, "", 0).Down(3).Store(1, 5, 1, 2).Leader(1, 5, "abcdef", 6).Follower(2, 5, "abcdef", 6));

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_that_records_beyond_the_high_watermark_part(string name) =>
        Holds(name, new Observed().Store(2, 6, 2, 3).Leader(2, 6, "abXY", 2).Follower(3, 6, "ab", 2).Follower(1, 6, "abcdef", 2)); // 1 was cut off and has yet to cut its log

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_the_loss_of_a_record_acknowledged_by_the_leader_alone(string name) =>
        Holds(name, new Observed().Store(1, 5, 1, 2).Leader(1, 5, "abc", 2).Follower(2, 5, "ab", 2).Down(1).Store(2, 6, 2).Leader(2, 6, "abX", 3)); // c had acks=1

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_a_member_of_the_ISR_that_is_down_and_behind(string name) =>
        Holds(name, Healthy.Follower(3, 5, "a", 1).Down(3).Store(1, 5, 1, 2, 3));

    [Theory]
    [MemberData(nameof(AllNames))]
    public void No_invariant_minds_an_old_leader_that_does_not_know_yet(string name) =>
        Holds(name, Healthy.Store(2, 6, 2, 3).Leader(2, 6, "abcX", 3).Follower(3, 6, "abcX", 3)); // 1 still believes to lead in epoch 5

    [Fact]
    public void S1_flags_an_ISR_member_without_what_the_leader_shows_as_committed()
    {
        var state = new Observed().Store(1, 5, 1, 2).Leader(1, 5, "abc", 3).Follower(2, 5, "ab", 2);
        Flags(new StrongIsr(state.Partitions), "broker 1 shows 3 records as committed, but ISR member 2 agrees only up to 2");
    }

    [Fact]
    public void S1_flags_an_ISR_member_with_another_record_below_the_high_watermark_of_whoever_presumes_to_lead()
    {
        var state = new Observed().Store(2, 6, 2).Leader(1, 5, "abc", 3).Leader(2, 6, "abX", 2);
        Flags(new StrongIsr(state.Partitions), "broker 1 shows 3 records as committed, but ISR member 2 agrees only up to 2");
    }

    [Fact]
    public void S2_flags_a_leader_outside_its_ISR_and_no_partition_without_a_leader()
    {
        Flags(new LeaderInIsr(new Observed().Store(3, 5, 1, 2).Partitions), "the leader 3 is not in the ISR [1,2]");
        Assert.Null(new LeaderInIsr(new Observed().Store(-1, 5, 1, 2).Partitions).FindViolation());
    }

    [Fact]
    public void S3_flags_two_records_at_one_committed_offset()
    {
        var state = new Observed().Store(1, 5, 1).Leader(1, 5, "abc", 3).Follower(2, 5, "aXc", 3);
        Flags(new LogMatching(state.Partitions), "broker 2 holds another record at offset 1 than the one that was committed there");
    }

    [Fact]
    public void S4_flags_a_leader_without_what_was_once_committed()
    {
        var state = new Observed().Store(1, 5, 1, 2).Leader(1, 5, "abc", 3).Down(1).Store(2, 6, 2).Leader(2, 6, "ab", 2);
        Flags(new LeaderCompleteness(state.Partitions), "leader 2 ends at 2, below the true high watermark 3");
    }

    [Fact]
    public void S4_flags_a_leader_without_what_was_acknowledged_by_all()
    {
        var state = new Observed().Store(1, 5, 1, 2).Leader(1, 5, "abc", 3);
        state.Partition.AcknowledgedEnd = 4;
        Flags(new LeaderCompleteness(state.Partitions), "leader 1 agrees with the committed log only up to 3, but 4 records were acknowledged with acks=all");
    }

    [Fact]
    public void S4_says_nothing_of_a_leader_of_an_older_epoch()
    {
        var state = new Observed().Store(2, 6, 2).Leader(2, 6, "abc", 3).Leader(1, 5, "a", 1);
        Assert.Null(new LeaderCompleteness(state.Partitions).FindViolation());
    }

    [Fact]
    public void S5_flags_an_ISR_member_that_could_not_lead_without_loss()
    {
        var state = new Observed().Store(1, 5, 1, 3).Leader(1, 5, "abc", 3).Follower(3, 5, "a", 1);
        Flags(new CandidateCompleteness(state.Partitions), "ISR member 3 ends at 1, below the true high watermark 3");
    }

    [Fact]
    public void S6_flags_a_leader_that_does_not_wait_for_a_member_of_the_ISR()
    {
        var state = Healthy;
        state[1].MaximalIsr = [1, 3];
        Flags(new QuorumSuperset(state.Partitions), "leader 1 waits for [1,3] only, but the ISR in the store has [2] too");
    }

    [Fact]
    public void S6_lets_a_leader_wait_for_members_that_the_store_does_not_have_yet_or_any_more()
    {
        var state = new Observed().Store(1, 5, 1, 2).Leader(1, 5, "a", 1);
        state[1].MaximalIsr = [1, 2, 3];
        Assert.Null(new QuorumSuperset(state.Partitions).FindViolation());
    }

    [Fact]
    public void S6_says_nothing_of_a_leader_of_an_older_epoch()
    {
        var state = Healthy.Store(2, 6, 1, 2, 3);
        state[1].MaximalIsr = [1];
        Assert.Null(new QuorumSuperset(state.Partitions).FindViolation());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(-1, false)]
    public void S15_flags_a_recovery_point_outside_the_log(long recoveryPoint, bool holds)
    {
        var state = Healthy;
        state[1].RecoveryPoint = recoveryPoint;
        if (holds) Assert.Null(new CheckpointBounds(state.Partitions).FindViolation());
        else Flags(new CheckpointBounds(state.Partitions), $"broker 1 has recovery point {recoveryPoint}, LEO 4");
    }

    [Fact]
    public void S9_flags_a_high_watermark_beyond_the_end()
    {
        var state = new Observed().Store(1, 5, 1).Leader(1, 5, "abc", 4);
        Flags(new OffsetOrder(state.Partitions), "broker 1 has log start 0, HW 4, LEO 3");
    }

    [Fact]
    public void S9_flags_a_high_watermark_before_the_log_start()
    {
        var state = new Observed().Store(1, 5, 1).Leader(1, 5, "abc", 1);
        state[1].LogStart = 2;
        Flags(new OffsetOrder(state.Partitions), "broker 1 has log start 2, HW 1, LEO 3");
    }

    [Fact]
    public void S14_flags_two_leaders_of_one_epoch_even_one_after_the_other()
    {
        var state = new Observed().Store(1, 5, 1, 2).Leader(1, 5, "a", 1);
        var property = new OneLeaderPerEpoch(state.Partitions);
        Assert.Null(property.FindViolation());
        state.Down(1).Leader(2, 5, "a", 1);
        Flags(property, "brokers 1 and 2 both lead in epoch 5");
    }

    [Fact]
    public void S14_lets_one_broker_lead_in_many_epochs_and_many_brokers_in_their_own()
    {
        var state = new Observed().Store(1, 5, 1, 2).Leader(1, 5, "a", 1).Leader(2, 6, "a", 1);
        var property = new OneLeaderPerEpoch(state.Partitions);
        Assert.Null(property.FindViolation());
        state.Leader(1, 7, "a", 1);
        Assert.Null(property.FindViolation());
    }

    private static List<PartitionInvariant> All(IReadOnlyList<PartitionObservation> partitions) =>
    [
        new StrongIsr(partitions), new LeaderInIsr(partitions), new LogMatching(partitions), new LeaderCompleteness(partitions),
        new CandidateCompleteness(partitions), new OffsetOrder(partitions), new OneLeaderPerEpoch(partitions), new QuorumSuperset(partitions),
        new CheckpointBounds(partitions),
    ];

    private static void Holds(string name, Observed state) =>
        Assert.Null(All(state.Partitions).Find(p => p.Name == name)!.FindViolation());

    /// <summary>It fails with these words, and the message goes on to describe the whole partition.</summary>
    private static void Flags(PartitionInvariant property, string words)
    {
        var violation = property.FindViolation();
        Assert.NotNull(violation);
        Assert.StartsWith(words + ". t-0: store: ", violation, StringComparison.Ordinal);
    }
}
