using System;

namespace tools.RealCluster;

/// <summary>The cluster did not do in time what it must do: a violation of liveness.</summary>
public sealed class NoProgressException(string message) : Exception(message);
