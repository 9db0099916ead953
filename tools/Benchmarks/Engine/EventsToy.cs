using System;
using System.Collections.Generic;
using Simulator.Engine;
using Simulator.Platform;

namespace tools.Benchmarks.Engine;

/// <summary>
/// The hand-written toy's own state machine, but its events are armed on the clocks of four machines and delivered by the engine: what
/// stands between the two is the engine alone (processes, clocks, faults that might strike, the run hash).
/// </summary>
internal static class EventsToy
{
    private const int RequestsPerMachine = 8;

    public static long Run(ulong seed, int events)
    {
        var world = new SimWorld(seed);
        foreach (var machine in (string[])["client", "leader", "follower-1", "follower-2"]) world.AddMachine(machine).Start(node => new Program(node).Run());
        return world.StepUntil(events);
    }

    private sealed class Program(Node node)
    {
        private readonly RandomStream _random = node.Random.Stream("latency");
        private readonly Stack<Message> _pool = new();

        public async LoopTask Run()
        {
            for (var i = 0; i < RequestsPerMachine; i++) Send(ToyStep.RequestArrives, i);
            await new LoopPromise<Nothing>().Task; // a process lives as long as its program
        }

        public void Arrived(Message message)
        {
            var request = message.Request;
            var (next, times) = ToySteps.After(message.Step, request);
            if (times > 0) Send(next, request);
            if (times > 1) Send(next, ~request);

            _pool.Push(message);
        }

        private void Send(ToyStep step, int request)
        {
            if (!_pool.TryPop(out var message)) message = new Message(this);
            message.Step = step;
            message.Request = request;
            node.Clock.Arm(message, TimeSpan.FromMicroseconds(_random.Next(50, 500)));
        }
    }

    private sealed class Message(Program program) : LoopEvent
    {
        public ToyStep Step { get; set; }

        public int Request { get; set; }

        protected override void Fire() => program.Arrived(this);
    }
}
