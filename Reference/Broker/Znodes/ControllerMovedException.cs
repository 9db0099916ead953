using System;

namespace Reference.Broker.Znodes;

/// <summary>Another controller has been elected, so a write of this one was refused or is no longer permitted: it must resign.</summary>
public sealed class ControllerMovedException(string message) : Exception(message);
