using Reference.Coordination.Tree;
using Simulator.Engine;

namespace Scenarios.Observation;

/// <summary>What a checker can see of the coordination store.</summary>
public interface IObservedStore
{
    /// <summary>The machine it runs on.</summary>
    SimMachine Machine { get; }

    /// <summary>The store's znodes as its running server has them, perhaps ahead of its disk; or null.</summary>
    ZnodeTree? Tree { get; }

    /// <summary>The last transaction that a power loss could not take back; -1 while it does not run.</summary>
    long DurableZxid { get; }
}
