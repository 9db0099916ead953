using System;

namespace Simulator.Engine.Faults;

/// <summary>A planned fault cannot be carried out as it is written: an unknown kind or machine, a missing parameter, a value out of range.</summary>
public sealed class FaultPlanException(string message) : Exception(message);
