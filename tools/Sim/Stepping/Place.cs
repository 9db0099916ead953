namespace tools.Sim.Stepping;

/// <summary>Where a process of a session is called from, and which it is.</summary>
/// <param name="Number">The number of its inbox.</param>
/// <param name="Process">Its id.</param>
internal readonly record struct Place(int Number, int Process);
