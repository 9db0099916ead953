using System.Reflection;

namespace tools.Sim;

/// <summary>What this build was made from.</summary>
internal static class BuildInfo
{
    private const string Unknown = "unknown";

    /// <summary>The commit; <c>unknown</c> if it was not built in a repository.</summary>
    public static string Commit { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version && version.IndexOf('+') is var plus and >= 0
            ? version[(plus + 1)..]
            : Unknown;
}
