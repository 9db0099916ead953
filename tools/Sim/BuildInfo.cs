using System.Linq;
using System.Reflection;

namespace tools.Sim;

/// <summary>What this build was made from.</summary>
internal static class BuildInfo
{
    /// <summary>The commit of what was not built in a repository.</summary>
    public const string Unknown = "unknown";

    /// <summary>The commit of this build; <see cref="Unknown"/> if it was not built in a repository.</summary>
    public static string Commit { get; } = CommitOf(typeof(BuildInfo).Assembly);

    /// <summary>True if the tree was as its commit has it; false if it was changed, or nobody could tell. The project file notes it.</summary>
    public static bool IsOfCleanTree { get; } =
        Commit != Unknown && typeof(BuildInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(a => a is { Key: "SourceTree", Value: "clean" });

    /// <summary>The commit that an assembly was built from, which the SDK writes as "version+commit".</summary>
    public static string CommitOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version && version.IndexOf('+') is var plus and >= 0
            ? version[(plus + 1)..]
            : Unknown;
}
