using System;

namespace tools.Sim.Stepping;

/// <summary>A process of a session has ended without being told to.</summary>
internal sealed class SimulationEndedException() : Exception("The process of the simulation has ended unexpectedly: there may be too little memory.");
