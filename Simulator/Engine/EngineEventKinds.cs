using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>The kinds of event that the simulated world mixes into a run's hash.</summary>
internal static class EngineEventKinds
{
    public const ushort World = EventKinds.FirstFree;
    public const ushort Arrival = EventKinds.FirstFree + 1;
    public const ushort Dial = EventKinds.FirstFree + 2;
    public const ushort Read = EventKinds.FirstFree + 3;
    public const ushort Write = EventKinds.FirstFree + 4;
    public const ushort Accept = EventKinds.FirstFree + 5;
    public const ushort Disk = EventKinds.FirstFree + 6;
    public const ushort Invoke = EventKinds.FirstFree + 7;
}
