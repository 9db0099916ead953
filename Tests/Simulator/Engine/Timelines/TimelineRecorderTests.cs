using System;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Timelines;
using Simulator.Platform;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Timelines;

public class TimelineRecorderTests
{
    private static readonly Endpoint s_echo = new("echo", 7);

    [Fact]
    public void Recording_changes_neither_hash_nor_verdict()
    {
        var plain = SeedRunner.Run(new ToyScenario(), 3);
        var recorded = SeedRunner.Run(new ToyScenario(), 3, new RunOptions(Timeline: true));
        Assert.Equal((plain.Hash, plain.Events), (recorded.Hash, recorded.Events));
        Assert.Null(plain.Timeline);
        Assert.NotNull(recorded.Timeline);
    }

    [Fact]
    public void Every_message_has_its_machines_its_bytes_and_both_its_instants()
    {
        var timeline = Record(new ToyScenario());
        var data = timeline.Messages.Where(m => timeline.Labels[m.Label] == "Data").ToList();
        Assert.InRange(data.Sum(m => m.Bytes), 60, 90); // 15 numbers of 2 bytes, there and back; after a reset one is sent again
        Assert.All(data.Where(m => m.End == MessageEnd.Arrived), m => Assert.InRange(m.EndMicros - m.SentMicros, 1, 1_000_000));
        Assert.Equal(["count", "echo"], data.Select(m => timeline.Lanes[m.From]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(timeline.Messages, m => Assert.NotEqual(m.From, m.To));
        Assert.Equal(timeline.Messages.OrderBy(m => m.SentMicros).Select(m => m.SentEvent), timeline.Messages.Select(m => m.SentEvent));
    }

    [Fact]
    public void The_failure_stands_with_its_instant_and_event()
    {
        var timeline = Record(new ToyScenario(breaks: _ => true));
        Assert.Equal("echo-is-right", timeline.Failure!.Property);
        Assert.Equal((timeline.EndMicros, timeline.Events), (timeline.Failure.AtMicros, timeline.Failure.AtEvent));
    }

    [Fact]
    public void Faults_name_their_machines_and_phases_and_starts_are_marks()
    {
        var timeline = Record(new ToyScenario());
        Assert.NotEmpty(timeline.Bands);
        Assert.All(timeline.Bands, b => Assert.Equal(("connection-reset", 2), (b.Kind, b.Lanes.Count)));
        Assert.Equal(["warm-up", "faults", "heal", "liveness", "final read"], timeline.Marks.Where(m => m.Kind == "phase").Select(m => m.Text));
        Assert.Equal(["count", "echo"], timeline.Marks.Where(m => m.Text == "start").Select(m => timeline.Lanes[m.Lane]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_blocked_link_holds_is_under_way_and_what_a_power_loss_takes_is_lost()
    {
        var (world, count, echo) = TalkingWorld();
        world.RunFor(TimeSpan.FromMilliseconds(50));
        world.Network.Block(count, echo);
        world.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(MessageEnd.UnderWay, Finish(world).Messages[^1].End);
        count.LosePower();
        Assert.Equal(MessageEnd.Lost, Finish(world).Messages[^1].End);
    }

    [Fact]
    public void A_freeze_is_marked_with_its_end()
    {
        var (world, count, _) = TalkingWorld();
        world.RunFor(TimeSpan.FromMilliseconds(50));
        var freeze = count.Freeze(TimeSpan.FromSeconds(1))!;
        world.RunFor(TimeSpan.FromMilliseconds(50));
        freeze.End();
        var marks = Finish(world).Marks.Where(m => m.Kind == "freeze").ToList();
        Assert.Equal(["frozen", "thawed"], marks.Select(m => m.Text));
        Assert.Equal(1_050_000, marks[0].UntilMicros);
    }

    [Fact]
    public void Messages_are_named_by_what_the_scenario_gives_a_connection()
    {
        var (world, _, _) = TalkingWorld(configure: recorder => recorder.Conversations = (dialler, acceptor) => new Shouting($"{dialler.Host}>{acceptor.Host}"));
        world.RunFor(TimeSpan.FromMilliseconds(50));
        var timeline = Finish(world);
        Assert.Equal(["accepted", "connect", "count>echo asks", "count>echo says"], timeline.Labels.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_series_keeps_changes_only()
    {
        var world = new SimWorld(1);
        var recorder = world.RecordTimeline();
        var series = recorder.Numbers("store", "length", "a");
        foreach (var value in new[] { 1, 1, 2, 2, 1 }) series.Set(value);
        series.Clear();
        series.Clear();
        series.Set(1);
        Assert.Same(series, recorder.Numbers("store", "length", "a"));
        Assert.Equal([1L, 2L, 1L, null, 1L], series.Points.Select(p => p.IsGap ? (long?)null : p.Number));
    }

    [Fact]
    public void Of_more_messages_than_there_is_room_for_the_newest_are_exact_and_the_older_stand_for_the_rest()
    {
        var (world, _, _) = TalkingWorld(messageCapacity: 200);
        world.RunFor(TimeSpan.FromSeconds(20));
        var timeline = Finish(world);
        Assert.True(timeline.MessagesSeen > 4000);
        Assert.InRange(timeline.Messages.Count, 100, 201);
        Assert.Equal(timeline.MessagesSeen, timeline.Messages.Sum(m => (long)m.Weight));
        Assert.All(timeline.Messages.TakeLast(100), m => Assert.Equal(1, m.Weight));
        Assert.InRange(timeline.Messages.Max(m => m.Weight), timeline.MessageStride / 2, 2 * timeline.MessageStride);
        Assert.InRange(timeline.MessageStride, 16, 64); // about 4,000 messages in 100 places
        Assert.InRange(timeline.EndMicros - timeline.Messages[^1].SentMicros, 0, 20_000);
    }

    [Fact]
    public void An_operation_ends_once()
    {
        var world = new SimWorld(1);
        var recorder = world.RecordTimeline();
        var operation = recorder.BeginOperation("client", "read", "nil");
        recorder.EndOperation(operation, OperationOutcome.Ok, "7");
        Assert.Throws<InvalidOperationException>(() => recorder.EndOperation(operation, OperationOutcome.Info));
    }

    private static Timeline Record(Scenario scenario) => SeedRunner.Run(scenario, 2, new RunOptions(Timeline: true)).Timeline!;

    private static Timeline Finish(SimWorld world) => world.Timeline!.Finish("test", new System.Collections.Generic.Dictionary<string, string>());

    /// <summary>One machine writes to another every ten milliseconds and is answered.</summary>
    private static (SimWorld World, SimMachine Count, SimMachine Echo) TalkingWorld(int messageCapacity = TimelineRecorder.DefaultMessageCapacity, Action<TimelineRecorder>? configure = null)
    {
        var world = new SimWorld(1);
        var recorder = world.RecordTimeline(messageCapacity);
        configure?.Invoke(recorder);
        var (count, echo) = (world.AddMachine("count"), world.AddMachine("echo"));
        echo.Start(async node =>
        {
            var listener = await node.Network.Listen(s_echo);
            var connection = await listener.Accept();
            var buffer = new byte[2];
            while (await connection.Read(buffer) is var read and > 0) await connection.Write(buffer.AsMemory(0, read));
        });
        count.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(5));
            var connection = await node.Network.Connect(s_echo, TimeSpan.FromSeconds(1));
            while (true)
            {
                await connection.Write(new byte[2]);
                await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            }
        });
        return (world, count, echo);
    }

    private sealed class Shouting(string names) : ConversationLabels
    {
        public override string Label(bool fromDialler, ReadOnlySpan<byte> bytes) => $"{names} {(fromDialler ? "asks" : "says")}";
    }
}
