using Simulator.Engine;

namespace Scenarios.Cluster;

/// <summary>
/// Something that lives in a process of a machine, for whoever looks at it from outside: gone when the process is, and not there yet
/// in a new process before that has made its own.
/// </summary>
public sealed class ProcessState<T>(SimMachine machine)
    where T : class
{
    private SimProcess? _process;
    private T? _state;

    /// <summary>What the process that runs now has made; null if there is none or it has made nothing yet.</summary>
    public T? Running => machine.Process is { } process && process == _process ? _state : null;

    /// <summary>What the last process has made, though it may have ended since.</summary>
    public T? Last => _state;

    /// <summary>The running process has made its state. Called on its loop.</summary>
    public void Set(T state) => (_process, _state) = (machine.Process, state);
}
