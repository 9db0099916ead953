using System;

namespace Simulator.Engine.Exploration;

/// <summary>The second run of a seed did not come to its end; the message says how.</summary>
public sealed class SecondRunException(string message) : Exception(message);
