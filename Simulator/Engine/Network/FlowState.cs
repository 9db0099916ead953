using System;

namespace Simulator.Engine.Network;

/// <summary>The connections that one machine has dialled to another: they take one path through the network and share its faults.</summary>
internal sealed class FlowState
{
    private int _stalls;

    /// <summary>True while nothing gets through on them.</summary>
    public bool IsStalled => _stalls > 0;

    /// <summary>Stalls are counted, so that overlapping ones end one by one.</summary>
    public void Stall() => _stalls++;

    public void Resume() => _stalls = Math.Max(0, _stalls - 1);

    public void Clear() => _stalls = 0;
}
