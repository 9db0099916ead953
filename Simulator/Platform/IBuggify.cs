namespace Simulator.Platform;

/// <summary>
/// Named points at which the environment may do something rare but permitted now: a short read, an early flush, a spurious
/// wake-up. Constant false in the real world. The idea is FoundationDB's.
/// </summary>
public interface IBuggify
{
    /// <summary>True if the rare thing happens at this point now.</summary>
    bool Fires(string point);
}

/// <summary>The real world: nothing rare is done on purpose.</summary>
public sealed class NoBuggify : IBuggify
{
    /// <inheritdoc/>
    public bool Fires(string point) => false;
}
