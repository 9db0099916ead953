namespace Simulator.Platform;

/// <summary>The kinds that Platform's own events mix into the run's hash; Engine and Host count on from <see cref="FirstFree"/>.</summary>
public static class EventKinds
{
    /// <summary>A timer or a delay.</summary>
    public const ushort Timer = 1;

    /// <summary>The first number free for other assemblies.</summary>
    public const ushort FirstFree = 16;
}
