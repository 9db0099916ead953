using System;

namespace Simulator.Xunit;

/// <summary>A seed failed; the message says which, what property, what happened last and how to run it again.</summary>
public sealed class SimulationFailedException(string message) : Exception(message);
