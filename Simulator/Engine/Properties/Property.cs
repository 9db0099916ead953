namespace Simulator.Engine.Properties;

/// <summary>Something that must never be false. Each property is one small class that says what it verifies and what it does not.</summary>
public abstract class Property
{
    /// <summary>The short name under which a violation is reported.</summary>
    public abstract string Name { get; }

    /// <summary>Looks; gives null if it holds, else the offending state in words.</summary>
    public abstract string? FindViolation();
}

/// <summary>A property of every reachable state: checked after each event that could have changed what it speaks of.</summary>
public abstract class Invariant : Property;

/// <summary>A property of the end: checked after the faults have been healed and the system had its time to recover.</summary>
public abstract class Validation : Property;
