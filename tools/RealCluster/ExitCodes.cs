namespace tools.RealCluster;

/// <summary>What the process tells its caller; the numbers are those of <c>sim</c>.</summary>
internal static class ExitCodes
{
    /// <summary>All properties held.</summary>
    public const int AllHeld = 0;

    /// <summary>A property failed, or the cluster made no progress.</summary>
    public const int PropertyFailed = 1;

    /// <summary>Wrong usage or input.</summary>
    public const int WrongUsage = 2;

    /// <summary>This machine lacks a program or a right that the run needs.</summary>
    public const int CannotRunHere = 4;
}
