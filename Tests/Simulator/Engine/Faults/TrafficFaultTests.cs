using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>Faults of traffic: what befalls one kind of request and not another, queues that grow, backlogs that are full, cuts in an odd order.</summary>
public class TrafficFaultTests
{
    private const int Port = 1;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly SimWorld _world = new(1, new WorldOptions { LossProbability = 0, FragmentationProbability = 0, Buggify = false });
    private readonly List<(char Kind, byte Number)> _served = [];
    private readonly List<(char Kind, byte Number, TimeSpan Took)> _answered = [];

    [Fact]
    public void A_delayed_request_is_late_and_one_of_another_kind_is_not()
    {
        Serve();
        var delay = Befall("delay-request", "A", delayMicros: 300_000);
        _world.RunFor(s_second * 3);
        Assert.All(Answers('A'), took => Assert.InRange(took.TotalMilliseconds, 300, 310));
        Assert.All(Answers('B'), took => Assert.InRange(took.TotalMilliseconds, 0, 5));
        Assert.Equal(_world.Faults.Effects["request-delayed"], Answers('A').Count() + 1); // one is on its way

        delay.End();
        _world.RunFor(s_second);
        _answered.Clear();
        _world.RunFor(s_second);
        Assert.All(Answers('A'), took => Assert.InRange(took.TotalMilliseconds, 0, 5));
    }

    [Fact]
    public void A_dropped_request_does_not_arrive_and_one_of_another_kind_does()
    {
        Serve();
        var drop = Befall("drop-request", "A");
        _world.RunFor(s_second);
        Assert.DoesNotContain(_served, s => s.Kind == 'A');
        Assert.Contains(_served, s => s.Kind == 'B');
        drop.End();
        _world.RunFor(s_second);
        Assert.Contains(_served, s => s.Kind == 'A');
        Assert.Equal(_served.Where(s => s.Kind == 'A').Distinct().Count(), _served.Count(s => s.Kind == 'A'));
    }

    [Fact]
    public void A_repeated_request_is_served_several_times_for_one_answer()
    {
        Serve();
        var repeat = Befall("repeat-request", "A");
        _world.RunFor(s_second);
        var repeated = Assert.Single(_served.Where(s => s.Kind == 'A').Distinct());
        Assert.True(_served.Count(s => s == repeated) > 1);
        Assert.Empty(Answers('A'));
        Assert.Equal(_served.Where(s => s.Kind == 'B').Distinct().Count(), _served.Count(s => s.Kind == 'B'));
        repeat.End();
        _world.RunFor(s_second);
        Assert.Single(_answered, a => (a.Kind, a.Number) == repeated);
    }

    [Fact]
    public void Faults_of_requests_need_somebody_who_names_them_and_befall_the_share_that_was_drawn()
    {
        Serve();
        Befall("drop-request", "A", ppm: 300_000);
        _world.RunFor(s_second * 4);
        var dropped = _world.Faults.Effects["request-dropped"];
        Assert.InRange(dropped / (double)(dropped + _served.Count(s => s.Kind == 'A')), 0.2, 0.4);
        _world.Network.Classifier = null;
        _world.RunFor(s_second * 4);
        Assert.Equal(dropped, _world.Faults.Effects["request-dropped"]);
    }

    [Fact]
    public void Plans_of_requests_go_between_a_target_and_another_machine_in_either_direction()
    {
        Serve();
        var fault = new DelayedRequests(["A", "B"]) { Rate = new(0.5, 0.6) };
        var plans = Enumerable.Range(0, 50).Select(_ => fault.Plan(_world, [_world.Machines[0]], _world.Random("plans"))).OfType<FaultPlan>().ToList();
        Assert.Equal(["client>server", "server>client"], plans.Select(p => $"{p.Text("from")}>{p.Text("to")}").Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["A", "B"], plans.Select(p => p.Text("label")).Distinct().Order(StringComparer.Ordinal));
        Assert.All(plans, p => Assert.InRange(p.Number("ratePpm"), 500_000, 600_000));
    }

    [Fact]
    public void A_narrow_link_queues_what_does_not_get_through_so_that_small_messages_wait_for_great_ones()
    {
        var world = new PingWorld("ab");
        var (a, b) = (world["a"], world["b"]);
        var narrow = new NarrowLinks().Apply(world.World, FaultPlan.Of("narrow-links", s_second, ("links", "a>b"), ("bytesPerSecond", "10000")))!;
        Assert.True(world.SlowestWithin(s_second) < TimeSpan.FromMilliseconds(5), "nine bytes now and then fit");
        a.Invoke(() => a.Process!.Loop.Spawn(SendMuch(a.Process.Node)));
        Assert.InRange(world.SlowestWithin(s_second * 3).TotalSeconds, 1.5, 2.5); // 20,000 bytes at 10,000 a second
        narrow.End();
        world.World.RunFor(s_second);
        Assert.True(world.SlowestWithin(s_second) < TimeSpan.FromMilliseconds(5));

        async LoopTask SendMuch(Node node)
        {
            var connection = await node.Network.Connect(new Endpoint(b.Name, 1), s_second);
            var message = new byte[9];
            message[0] = (byte)'a';
            BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(1), world.World.NowMicros);
            await connection.Write(Enumerable.Repeat(message, 20_000 / message.Length).SelectMany(m => m).ToArray());
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(100, true)]
    public void Connections_beyond_the_backlog_get_no_answer_whether_the_program_or_a_fault_made_it_small(int backlog, bool limit)
    {
        if (limit) Assert.NotNull(new FullBacklog().Apply(PrepareDials(backlog), FaultPlan.Of("backlog-full", s_second, ("machine", "server"), ("connections", "2"))));
        else PrepareDials(backlog);
        Assert.Equal("connected connected TimedOut TimedOut", Dial(4));
        _world.Network.HealAll();
        Assert.Equal(limit ? "connected" : "TimedOut", Dial(1));
    }

    [Fact]
    public void Swizzled_machines_go_one_by_one_and_come_back_in_another_order()
    {
        var world = new PingWorld();
        var plan = FaultPlan.Of("swizzle-clog", s_second * 10, ("clog", "a,b"), ("release", "a,b"), ("stepMicros", "2000000"));
        var swizzle = new SwizzleClog().Apply(world.World, plan)!;
        var heard = new List<string>();
        for (var i = 0; i < 5; i++) heard.Add(Heard());
        Assert.Equal(["b>c c>b", "", "", "", "a>c c>a"], heard); // b is cut off after 2 s, a comes back after 8
        swizzle.End();
        Assert.Equal("a>b a>c b>a b>c c>a c>b", world.HeardWithin(s_second));

        string Heard()
        {
            var found = world.HeardWithin(s_second * 1.6);
            world.World.RunFor(s_second * 0.24);
            return found;
        }
    }

    [Fact]
    public void A_swizzle_that_ends_early_leaves_nobody_cut_off()
    {
        var world = new PingWorld();
        var swizzle = world.Inject(new SwizzleClog(), "a", "b", "c");
        world.World.RunFor(TimeSpan.FromMilliseconds(400));
        swizzle.End();
        world.World.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal("a>b a>c b>a b>c c>a c>b", world.HeardWithin(s_second));
        Assert.Throws<FaultPlanException>(() => new SwizzleClog().Apply(world.World, FaultPlan.Of("swizzle-clog", s_second, ("clog", "a,b"), ("release", "a,a"), ("stepMicros", "1"))));
    }

    private IEnumerable<TimeSpan> Answers(char kind) => _answered.Where(a => a.Kind == kind).Select(a => a.Took);

    private FaultHandle Befall(string kind, string label, long delayMicros = 0, long ppm = 1_000_000)
    {
        _served.Clear();
        _answered.Clear();
        IReadOnlyList<string> labels = ["A", "B"];
        var faults = new Fault[] { new DelayedRequests(labels), new DroppedRequests(labels), new RepeatedRequests(labels) };
        return faults.Single(f => f.Kind == kind).Apply(_world, FaultPlan.Of(
            kind,
            s_second,
            ("from", "client"),
            ("to", "server"),
            ("label", label),
            ("ratePpm", FaultPlan.Value(ppm)),
            ("delayMicros", FaultPlan.Value(delayMicros)),
            ("outcome", "1")))!;
    }

    /// <summary>A client that sends requests A and B of two bytes, each kind over a connection of its own, and again until each is answered.</summary>
    private void Serve()
    {
        _world.Network.Classifier = (_, to, written) => to.Name == "server" ? ((char)written[0]).ToString() : null;
        var client = _world.AddMachine("client");
        _world.AddMachine("server").Start(async node =>
        {
            var listener = await node.Network.Listen(new Endpoint("server", Port));
            while (true) node.Spawn(Answer(await listener.Accept()));
        });
        client.Start(async node =>
        {
            node.Spawn(Ask(node, 'A'));
            node.Spawn(Ask(node, 'B'));
            await new LoopPromise<Nothing>().Task;
        });
        _world.RunFor(TimeSpan.FromMilliseconds(100));
    }

    private async LoopTask Answer(IConnection connection)
    {
        try
        {
            var request = new byte[2];
            while (await connection.Read(request) == 2)
            {
                _served.Add(((char)request[0], request[1]));
                await connection.Write(request);
            }

            connection.Close();
        }
        catch (NetworkException)
        {
            // It dials again.
        }
    }

    private async LoopTask Ask(Node node, char kind)
    {
        IConnection? connection = null;
        for (byte number = 1; ; number++)
        {
            var begin = _world.NowMicros;
            while (true)
            {
                await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
                if (_world.NowMicros - begin < 20_000) begin = _world.NowMicros; // the pause before the first attempt does not count
                try
                {
                    connection ??= await node.Network.Connect(new Endpoint("server", Port), s_second);
                    await connection.Write(new[] { (byte)kind, number });
                    if (await connection.Read(new byte[2]) == 2) break;
                }
                catch (NetworkException)
                {
                    connection = null;
                }
            }

            _answered.Add((kind, number, TimeSpan.FromMicroseconds(_world.NowMicros - begin)));
        }
    }

    /// <summary>A server that listens and accepts nothing.</summary>
    private SimWorld PrepareDials(int backlog)
    {
        _world.AddMachine("server").Start(async node =>
        {
            await node.Network.Listen(new Endpoint("server", Port), backlog);
            await new LoopPromise<Nothing>().Task;
        });
        _world.AddMachine("client").Start(static async _ => await new LoopPromise<Nothing>().Task);
        _world.RunFor(s_second);
        return _world;
    }

    private string Dial(int count)
    {
        var outcomes = new List<string>();
        var client = _world.FindMachine("client")!;
        client.Invoke(() => client.Process!.Loop.Spawn(DialAll(client.Process.Node)));
        Assert.True(_world.RunUntil(() => outcomes.Count == count, TimeSpan.FromMinutes(1)));
        return string.Join(' ', outcomes);

        async LoopTask DialAll(Node node)
        {
            for (var i = 0; i < count; i++)
            {
                try
                {
                    await node.Network.Connect(new Endpoint("server", Port), s_second);
                    outcomes.Add("connected");
                }
                catch (NetworkException e)
                {
                    outcomes.Add(e.Error.ToString());
                }
            }
        }
    }
}
