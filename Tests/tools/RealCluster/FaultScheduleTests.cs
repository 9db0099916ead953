using System.Linq;
using System.Threading.Tasks;
using Scenarios.History;
using tools.RealCluster;
using tools.RealCluster.Clients;
using tools.RealCluster.Faults;
using Xunit;

namespace Tests.tools.RealCluster;

/// <summary>What a seed decides, and what is recorded outside the simulator.</summary>
public sealed class FaultScheduleTests
{
    [Fact]
    public void A_seed_gives_the_same_steps_each_time_and_another_seed_others()
    {
        Assert.Equal(FaultSchedule.Draw(7, 20, 3), FaultSchedule.Draw(7, 20, 3));
        Assert.NotEqual(FaultSchedule.Draw(7, 20, 3), FaultSchedule.Draw(8, 20, 3));
    }

    [Fact]
    public void Links_are_touched_only_where_they_can_be_and_leaders_killed_ahead_only_where_they_acknowledge_alone()
    {
        var plain = Enumerable.Range(1, 50).SelectMany(s => FaultSchedule.Draw(s, 20, 3)).Select(s => s.Kind).Distinct().Order();
        Assert.Equal([FaultKind.Kill, FaultKind.Bounce, FaultKind.Freeze, FaultKind.Blink, FaultKind.Restart, FaultKind.KillBesideFrozen], plain);
        var all = Enumerable.Range(1, 50).SelectMany(s => FaultSchedule.Draw(s, 20, 3, canCut: true, canSlow: true, leaderAlone: true)).Select(s => s.Kind).Distinct();
        Assert.Equal(10, all.Count());
    }

    [Fact]
    public async Task A_history_recorded_by_many_threads_is_judged_by_the_simulators_checkers()
    {
        var recorded = new RecordedHistory(() => null);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(producer => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++) recorded.EndSend(recorded.BeginSend($"p{producer}", i, $"t-{producer}", $"{producer}:{i}"), SendOutcome.Acknowledged, i);
        })));
        Assert.Equal((400, 100), (recorded.Acknowledged, recorded.KnownEnd("t-2")));
        foreach (var partition in Enumerable.Range(0, 4))
        {
            recorded.AddReads(Enumerable.Range(0, partition == 2 ? 99 : 100).Select(i => new ReadOperation(ClientHistory.FinalReader, $"t-{partition}", 0, i, i, $"{partition}:{i}")));
        }

        var violated = RealRun.Properties(recorded.End()).Where(p => p.FindViolation() is not null).ToList();
        Assert.Equal("unseen", Assert.Single(violated).Name);
        Assert.Equal("'2:99' was acknowledged at t-2 offset 99, but the final reader never saw it", violated[0].FindViolation());
    }

    [Fact]
    public async Task Waiting_for_progress_ends_with_the_reason_why_there_will_be_none()
    {
        var recorded = new RecordedHistory(() => "broker 2 ended by itself");
        var thrown = await Assert.ThrowsAsync<NoProgressException>(() => recorded.Acknowledge(1, default));
        Assert.Equal("broker 2 ended by itself", thrown.Message);
    }
}
