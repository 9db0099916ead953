using System;

namespace Simulator.Platform;

/// <summary>Code of a loop ran on a thread that is not the loop's: a leak onto the thread pool or a foreign callback.</summary>
public sealed class LoopAffinityException(string message) : InvalidOperationException(message);

/// <summary>A spawned task failed and nobody had asked to hear of it.</summary>
public sealed class UnobservedLoopException(string loop, Exception inner)
    : Exception($"A task spawned on the loop of {loop} failed: {inner.Message}", inner);
