using System;
using Simulator.Platform;

namespace Tests.Simulator.Contracts;

/// <summary>A world in which the contract of the platform is checked: two nodes, a and b, each on a loop of its own.</summary>
public interface IContractWorld : IDisposable
{
    /// <summary>The host name or address under which node b listens and node a reaches it.</summary>
    string HostOfB { get; }

    /// <summary>Runs a program on each node until both have ended; throws the first failure. No socket is closed before both have ended.</summary>
    void Run(Func<Node, LoopTask> a, Func<Node, LoopTask> b);

    /// <summary>Runs a program on node a alone.</summary>
    void Run(Func<Node, LoopTask> a) => Run(a, _ => LoopTask.Completed);

    /// <summary>An endpoint to which a dials without getting any answer; called on b's loop.</summary>
    LoopTask<Endpoint> SilentEndpoint(Node b);
}
