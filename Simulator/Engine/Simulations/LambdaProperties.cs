using System;
using Simulator.Engine.Properties;

namespace Simulator.Engine.Simulations;

/// <summary>An invariant given as a function.</summary>
internal sealed class LambdaInvariant(string name, Func<string?> findViolation) : Invariant
{
    public override string Name => name;

    public override string? FindViolation() => findViolation();
}

/// <summary>A validation given as a function.</summary>
internal sealed class LambdaValidation(string name, Func<string?> findViolation) : Validation
{
    public override string Name => name;

    public override string? FindViolation() => findViolation();
}
