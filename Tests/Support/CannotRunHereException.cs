using System;

namespace Tests.Support;

/// <summary>The machine does not let a test do what it needs; the message says why. Such a test is skipped, not failed.</summary>
public sealed class CannotRunHereException(string message) : Exception(message);
