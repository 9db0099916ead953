namespace Simulator.Platform;

/// <summary>A node's randomness: one stream per purpose, so that a new draw in one place leaves all others as they were.</summary>
public interface IRandom
{
    /// <summary>The stream of that name; the same one each time.</summary>
    RandomStream Stream(string purpose);
}
