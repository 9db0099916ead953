using System;

namespace tools.RealCluster;

/// <summary>This machine lacks a program or a right that the run needs; the message is one sentence that names it.</summary>
public sealed class CannotRunHereException(string message) : Exception(message);
