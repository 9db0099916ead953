namespace tools.Server;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Stopped in order.</summary>
    public const int Stopped = 0;

    /// <summary>Failed while running.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or input: nothing was served.</summary>
    public const int WrongInput = 2;
}
