using System;

namespace Simulator.Engine.Replay;

/// <summary>A replay file cannot be read, or what stands in it does not fit the scenario; the message is one sentence that says what.</summary>
public sealed class ReplayException(string message) : Exception(message);
