using System.Runtime.CompilerServices;

namespace Simulator.Platform;

/// <summary>
/// Marks the awaiters that resume on the loop. The builder of <see cref="LoopTask"/> is constrained to it, so awaiting
/// anything else in a loop method is compile error CS0315.
/// </summary>
public interface ILoopAwaiter : ICriticalNotifyCompletion;
