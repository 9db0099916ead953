using System;
using System.Collections.Generic;
using System.Threading;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;
using Simulator.Platform;

namespace Tests.tools.Sim;

/// <summary>
/// A counting game of two machines that takes milliseconds of real time: one sends numbers, the other sends them back, while
/// connections are reset. On demand it breaks its promise for some seeds, or depends on more than its seed.
/// </summary>
/// <param name="breaks">For these seeds the echo is wrong from the fifth number on.</param>
/// <param name="leaks">The runs of one seed differ: a count of the runs is part of what is sent.</param>
/// <param name="escapes">A foreign thread touches the loop of the machine that counts.</param>
/// <param name="situation">A rare situation that is declared and never reached, besides the one that always is.</param>
/// <param name="fault">A fault that may strike the machine that sends back, besides the resets.</param>
/// <param name="ambush">A fault that lies in wait.</param>
/// <param name="isPrecious">Whether the disk of the machine that sends back holds the only copy of something.</param>
internal sealed class ToyScenario(
    Func<ulong, bool>? breaks = null, bool leaks = false, bool escapes = false, string? situation = null, Fault? fault = null, Ambush? ambush = null, bool isPrecious = false) : Scenario
{
    private int _runs;

    public override string Name => "toy";

    public override string Description => "two machines count to fifteen";

    public override ScenarioRun Prepare(SimWorld world)
    {
        world.Sometimes.Declare(Run.AllCounted);
        if (situation is not null) world.Sometimes.Declare(situation);
        return new Run(world, breaks is not null && breaks(world.Seed), leaks ? ++_runs : 0, escapes, Faults(), isPrecious);
    }

    private FaultProfile Faults() => new([(new ConnectionReset(), 1), .. fault is null ? Array.Empty<(Fault, int)>() : [(fault, 1)]], [], new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(30)))
    {
        Ambushes = ambush is null ? [] : [ambush],
    };

    private sealed class Run : ScenarioRun
    {
        public const string AllCounted = "counted to fifteen";
        private const int Until = 15;
        private const int FirstDigit = 48;
        private static readonly Endpoint s_echo = new("echo", 7);
        private readonly SimWorld _world;
        private readonly bool _isBroken;
        private readonly int _leak;
        private readonly bool _escapes;
        private readonly EchoIsRight _property = new();
        private int _counted;

        public Run(SimWorld world, bool isBroken, int leak, bool escapes, FaultProfile faults, bool isPrecious)
        {
            _world = world;
            (_isBroken, _leak, _escapes) = (isBroken, leak, escapes);
            world.AddMachine("count");
            var echo = world.AddMachine("echo");
            if (isPrecious) world.Recoverability.Protect("the echo", [echo], copiesToKeep: 1);
            Nemesis = new Nemesis(world, faults with { Targets = world.Machines });
        }

        public override Phases Phases => new(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(80), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        public override IReadOnlyDictionary<string, string> Configuration { get; } = new Dictionary<string, string> { ["until"] = $"{Until}" };

        public override IReadOnlyList<Invariant> Invariants => [_property];

        public override IReadOnlyList<Validation> LivenessChecks => [];

        public override IReadOnlyList<Validation> Validations => [];

        public override Nemesis Nemesis { get; }

        public override bool HasRecovered => true;

        public override bool FinalReadEnded => _counted == Until;

        public override IReadOnlyDictionary<string, long> Metrics => new Dictionary<string, long> { ["counted"] = _counted };

        public override void Start()
        {
            _world.FindMachine("echo")!.Start(async node =>
            {
                var listener = await node.Network.Listen(s_echo);
                while (true) node.Spawn(Echo(await listener.Accept()));
            });
            _world.FindMachine("count")!.Start(Count);
        }

        public override bool Observe(SimMachine machine) => true;

        public override void BeginRecovery()
        {
        }

        public override void BeginFinalRead()
        {
        }

        private async LoopTask Echo(IConnection connection)
        {
            try
            {
                var buffer = new byte[16];
                while (await connection.Read(buffer) is var count and > 0)
                {
                    if (_isBroken && buffer[0] >= FirstDigit + 5) buffer[0]++;
                    await connection.Write(buffer[..count]);
                }

                connection.Close();
            }
            catch (NetworkException)
            {
                // The other side dials again.
            }
        }

        private async LoopTask Count(Node node)
        {
            if (_escapes) TouchFromAnotherThread(node.Loop);
            while (_counted < Until)
            {
                await node.Clock.Delay(TimeSpan.FromMilliseconds(5));
                try
                {
                    var connection = await node.Network.Connect(s_echo, TimeSpan.FromSeconds(1));
                    while (_counted < Until) await CountOn(node, connection);
                    connection.Close();
                }
                catch (NetworkException)
                {
                    // A reset; begin again with a new connection.
                }
            }

            await new LoopPromise<Nothing>().Task;
        }

        private static void TouchFromAnotherThread(Loop loop)
        {
            var thread = new Thread(() =>
            {
                try
                {
                    loop.Post(() => { });
                }
                catch (LoopAffinityException)
                {
                    // As a careless service would lose it.
                }
            });
            thread.Start();
            thread.Join();
        }

        private async LoopTask CountOn(Node node, IConnection connection)
        {
            var sent = new[] { (byte)(FirstDigit + _counted), (byte)_leak };
            await connection.Write(sent);
            var buffer = new byte[16];
            var have = 0;
            while (have < sent.Length)
            {
                var count = await connection.Read(buffer.AsMemory(have));
                if (count == 0) throw new NetworkException(NetworkError.Reset, "The echo has ended.");
                have += count;
            }

            _property.Compare(_counted, buffer[0] - FirstDigit);
            if (++_counted == Until) _world.Sometimes.Reached(AllCounted);
            await node.Clock.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    private sealed class EchoIsRight : Invariant
    {
        private string? _violation;

        public override string Name => "echo-is-right";

        public override string? FindViolation() => _violation;

        public void Compare(int sent, int echoed)
        {
            if (sent != echoed) _violation ??= $"{sent} was sent and {echoed} came back";
        }
    }
}
