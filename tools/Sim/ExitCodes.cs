namespace tools.Sim;

/// <summary>What the process tells its caller; scripts and CI rely on these numbers.</summary>
internal static class ExitCodes
{
    /// <summary>All properties held.</summary>
    public const int AllHeld = 0;

    /// <summary>A property failed.</summary>
    public const int PropertyFailed = 1;

    /// <summary>Wrong usage or input.</summary>
    public const int WrongUsage = 2;

    /// <summary>Two runs of one seed differed, or work left its loop, so that they may.</summary>
    public const int Nondeterminism = 3;
}
