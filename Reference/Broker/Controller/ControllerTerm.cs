using Reference.Broker.Znodes;

namespace Reference.Broker.Controller;

/// <summary>One reign of a controller: its epoch, the version of /controller_epoch that fences its writes, and whether it is over.</summary>
public sealed class ControllerTerm(int epoch, int epochZkVersion)
{
    /// <summary>The controller epoch.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The version of /controller_epoch that the election made.</summary>
    public int EpochZkVersion { get; } = epochZkVersion;

    /// <summary>True once resigned or superseded.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Ends the reign.</summary>
    public void End() => IsOver = true;

    /// <summary>To be called after each await: what was true before it need not be any more.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public void Ensure()
    {
        if (IsOver) throw new ControllerMovedException($"The reign of controller epoch {Epoch} is over.");
    }
}
