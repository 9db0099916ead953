using System;

namespace Simulator.Engine.Faults;

/// <summary>What a fault destroys, for an instant or as long as it lasts.</summary>
/// <param name="machine">Whose data.</param>
/// <param name="unsyncedOnly">True if it takes only what was not synced and was not said to be.</param>
/// <param name="path">The file, or the beginning of the paths; empty if any may be hit.</param>
/// <param name="ended">Is told of the end.</param>
internal sealed class Destruction(SimMachine machine, bool unsyncedOnly, string path, Action<Destruction> ended)
{
    private bool _hasEnded;

    public SimMachine Machine => machine;

    public bool UnsyncedOnly => unsyncedOnly;

    public string Path => path;

    /// <summary>It destroys nothing more; the second call does nothing.</summary>
    public void End()
    {
        if (_hasEnded) return;
        _hasEnded = true;
        ended(this);
    }
}
