using System.Collections.Generic;
using System.IO;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>What <c>sim run</c> was asked for.</summary>
internal sealed record CampaignRequest
{
    /// <summary>In their order.</summary>
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>Of the whole campaign, in ascending order.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Which of them run here.</summary>
    public required Shard Shard { get; init; }

    /// <summary>Number of threads.</summary>
    public required int Jobs { get; init; }

    /// <summary>Whether each seed runs twice.</summary>
    public bool Check { get; init; }

    /// <summary>Whether to go on with the campaign in <see cref="Folder"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether what was never hit fails the campaign.</summary>
    public bool FailCold { get; init; }

    /// <summary>Where results and reports of failures are kept.</summary>
    public DirectoryInfo? Folder { get; init; }

    /// <summary>Where failing runs are kept from campaign to campaign.</summary>
    public DirectoryInfo? Corpus { get; init; }

    /// <summary>The report as JSON.</summary>
    public FileInfo? Json { get; init; }

    /// <summary>The report as JUnit XML.</summary>
    public FileInfo? JUnit { get; init; }
}
