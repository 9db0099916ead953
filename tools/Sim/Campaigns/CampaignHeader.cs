using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Simulator.Engine.Replay;

namespace tools.Sim.Campaigns;

/// <summary>What a campaign is, as it stands in <c>campaign.json</c> beside its results.</summary>
/// <param name="Schema">Of the header and of the result lines.</param>
/// <param name="Commit">Commit of the build.</param>
/// <param name="Binaries">Identity of the binaries, see <see cref="BuildIdentity"/>.</param>
/// <param name="Scenarios">Names of the scenarios in their order.</param>
/// <param name="Seeds">"first..last" of the whole campaign.</param>
/// <param name="Shard">"i/n": which of these seeds are this folder's.</param>
/// <param name="Check">Whether each seed ran twice.</param>
/// <param name="IsOfCommit">Whether the commit alone says what code ran, see <see cref="BuildIdentity"/>.</param>
internal sealed record CampaignHeader(int Schema, string Commit, string Binaries, IReadOnlyList<string> Scenarios, string Seeds, string Shard, bool Check, bool IsOfCommit = false)
{
    /// <summary>The present schema.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The file's name.</summary>
    public const string FileName = "campaign.json";

    /// <summary>Reads the header of a campaign's folder.</summary>
    /// <exception cref="UsageException">There is none, or it cannot be understood.</exception>
    public static CampaignHeader Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) throw new UsageException($"The folder {folder} holds no campaign: there is no {FileName} in it.");
        CampaignHeader? header;
        try
        {
            header = JsonSerializer.Deserialize<CampaignHeader>(File.ReadAllText(file), ResultLine.Json);
        }
        catch (JsonException)
        {
            header = null;
        }

        if (header?.Commit is null || header.Scenarios is null || header.Seeds is null || header.Shard is null) throw new UsageException($"The file {file} is damaged: begin the campaign in another folder.");
        if (header.Schema != CurrentSchema) throw new UsageException($"The folder {folder} holds results of schema {header.Schema}, this build reads {CurrentSchema}: use the build that wrote them.");
        return header;
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Write(string folder) => WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, ResultLine.Json) + "\n");

    /// <summary>
    /// Whether two campaigns of one commit ran one code. Builds of a commit in two places differ in their binaries and yet are one code;
    /// where a tree was changed since its commit, or there is none, only the binaries tell.
    /// </summary>
    public bool IsOneCodeWith(CampaignHeader other) => Binaries == other.Binaries || (IsOfCommit && other.IsOfCommit);

    /// <summary>The first thing in which two campaigns differ, in words; null if they are one.</summary>
    public string? DifferenceFrom(CampaignHeader other)
    {
        if (Commit != other.Commit) return $"commit {Commit}, not {other.Commit}";
        if (!Scenarios.SequenceEqual(other.Scenarios, StringComparer.Ordinal)) return $"scenario {string.Join(",", Scenarios)}, not {string.Join(",", other.Scenarios)}";
        if (Seeds != other.Seeds) return $"seeds {Seeds}, not {other.Seeds}";
        return Check != other.Check ? $"runs {(Check ? "with" : "without")} --check, not {(other.Check ? "with" : "without")} it" : null;
    }
}
