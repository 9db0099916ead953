using System.Collections.Generic;
using Simulator.Platform;

namespace tools.Benchmarks.Engine;

/// <summary>The toy cluster as a hand-written state machine: each event is a node, a step and a due time.</summary>
internal sealed class HandWrittenToy(ulong seed)
{
    private const int Requests = 32;
    private readonly TimingWheel _wheel = new();
    private readonly RandomStream _random = new(seed);
    private readonly Stack<Message> _pool = new();
    private ulong _hash;

    public long Run(int events)
    {
        for (var i = 0; i < Requests; i++) Send(ToyStep.RequestArrives, i);
        for (var i = 0; i < events; i++)
        {
            var message = (Message)_wheel.TakeNext(long.MaxValue)!;
            _hash = (_hash ^ (ulong)message.DueMicros ^ ((ulong)message.Step << 56)) * 1099511628211UL;
            Handle(message.Step, message.Request);
            _pool.Push(message);
        }

        return (long)_hash;
    }

    private void Handle(ToyStep step, int request)
    {
        var (next, times) = ToySteps.After(step, request);
        if (times > 0) Send(next, request);
        if (times > 1) Send(next, ~request);
    }

    private void Send(ToyStep step, int request)
    {
        if (!_pool.TryPop(out var message)) message = new Message();
        message.Step = step;
        message.Request = request;
        _wheel.Add(message, _wheel.NowMicros + _random.Next(50, 500));
    }

    private sealed class Message : LoopEvent
    {
        public ToyStep Step { get; set; }

        public int Request { get; set; }

        protected override void Fire()
        {
        }
    }
}
