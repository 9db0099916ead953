using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary>The manifests under tools/Campaigns do what they say: a campaign in shards, merged, is the campaign.</summary>
public sealed class SchedulerTests : IDisposable
{
    private static readonly string s_manifests = Path.Combine(RepositoryTree.Root, "tools", "Campaigns");
    private readonly TempDirectory _folder = new();

    private Dictionary<string, string> Environment => new()
    {
        ["SIM"] = $"dotnet {SimProcess.Program}",
        ["SIM_SCENARIOS"] = typeof(SteadyScenario).Assembly.Location,
    };

    public void Dispose() => _folder.Dispose();

    [RequiresProgramFact("parallel", "bash")]
    public async Task A_campaign_under_GNU_parallel_merges_to_that_of_one_process()
    {
        await Run("bash", Environment, Path.Combine(s_manifests, "parallel.sh"), "3", _folder.File("shards"), "steady", "--seeds", "20");
        await AssertMergesToTheWhole(shards: 3);
    }

    [RequiresProgramFact("/usr/sbin/slurmctld", "/usr/sbin/slurmd", "sbatch", "bash")]
    public async Task A_campaign_as_a_Slurm_array_merges_to_that_of_one_process()
    {
        var slurm = new Dictionary<string, string>(Environment) { ["SLURM_CONF"] = WriteSlurmConfiguration() };
        using var controller = ExternalProgram.Start("/usr/sbin/slurmctld", ["-D", "-f", slurm["SLURM_CONF"]], slurm);
        await Ready(controller, "Running as primary controller");
        using var node = ExternalProgram.Start("/usr/sbin/slurmd", ["-D", "-f", slurm["SLURM_CONF"], "-N", Dns.GetHostName()], slurm);
        await Ready(node, "slurmd started");
        Directory.CreateDirectory(_folder.File("logs"));
        await Run("sbatch", slurm, "--wait", "--array=1-3", "-o", _folder.File("logs/%a"), Path.Combine(s_manifests, "slurm-array.sh"), _folder.File("shards"), "steady", "--seeds", "20");
        await AssertMergesToTheWhole(shards: 3);
    }

    [RequiresProgramFact("bash")]
    public async Task The_nightly_command_begins_in_an_empty_folder_and_reports_each_of_its_scenarios()
    {
        var listed = await SimProcess.RunIn(Environment, "list");
        var scenarios = listed.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ToList();
        await Run("bash", Environment, Path.Combine(s_manifests, "nightly.sh"), _folder.File("nights/first"), $"{scenarios.Count}");
        var report = JsonNode.Parse(File.ReadAllText(_folder.File("nights/first/report.json")))!;
        Assert.Equal(scenarios.Count, report["seeds"]!.GetValue<int>());
        Assert.True(File.Exists(_folder.File("nights/first/report.xml")));
    }

    [Fact]
    public void The_Kubernetes_job_tells_its_pods_how_many_shards_there_are()
    {
        var manifest = File.ReadAllText(Path.Combine(s_manifests, "kubernetes-job.yaml"));
        Assert.Contains("completionMode: Indexed\n  completions: 8\n", manifest, StringComparison.Ordinal);
        Assert.Contains("- name: SIM_SHARDS\n              value: \"8\"\n", manifest, StringComparison.Ordinal);
    }

    private async Task AssertMergesToTheWhole(int shards)
    {
        Assert.Equal(shards, Directory.GetDirectories(_folder.File("shards")).Length);
        Assert.All(Directory.GetDirectories(_folder.File("shards")), f => Assert.InRange(File.ReadLines(Path.Combine(f, "results.jsonl")).Count(), 6, 7));
        var whole = await SimProcess.RunIn(Environment, "run", "steady", "--seeds", "20", "--json", _folder.File("whole.json"));
        var merged = await SimProcess.RunIn(Environment, "merge", _folder.File("shards"), "--out", _folder.File("merged.json"));
        Assert.Equal((1, 1, ""), (whole.ExitCode, merged.ExitCode, merged.StandardError));
        Assert.Equal(Report("whole.json"), Report("merged.json"));
    }

    private string Report(string name)
    {
        var report = JsonNode.Parse(File.ReadAllText(_folder.File(name)))!.AsObject();
        Assert.Equal((20, 4), (report["seeds"]!.GetValue<int>(), report["failed"]!.GetValue<int>()));
        Assert.True(report.Remove("wallSeconds"));
        return report.ToJsonString();
    }

    private static async Task Ready(RunningProgram daemon, string line)
    {
        try
        {
            await daemon.WaitForLine(l => l.Contains(line, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        }
        catch (ExternalProgramException e)
        {
            throw new CannotRunHereException($"Slurm's daemons cannot be started on this machine: {e.Message}");
        }
    }

    // Exit code 1 is that of shards with failing seeds.
    private static async Task Run(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var running = ExternalProgram.Start(program, arguments, environment);
        running.CloseInput();
        await running.WaitForExit(TimeSpan.FromMinutes(4));
    }

    // One machine, without authentication between its daemons: nobody else can reach them.
    private string WriteSlurmConfiguration()
    {
        var ports = FreePorts.Several(2);
        var (host, user) = (Dns.GetHostName(), System.Environment.UserName);
        Directory.CreateDirectory(_folder.File("state"));
        Directory.CreateDirectory(_folder.File("spool"));
        File.WriteAllText(_folder.File("slurm.conf"), $"""
            ClusterName=sim
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={ports[0]}
            SlurmdPort={ports[1]}
            SlurmUser={user}
            SlurmdUser={user}
            AuthType=auth/none
            CredType=cred/none
            StateSaveLocation={_folder.File("state")}
            SlurmdSpoolDir={_folder.File("spool")}
            SlurmctldPidFile={_folder.File("slurmctld.pid")}
            SlurmdPidFile={_folder.File("slurmd.pid")}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_res
            SelectTypeParameters=CR_CPU
            SchedulerType=sched/builtin
            SchedulerParameters=batch_sched_delay=1,sched_interval=1
            MpiDefault=none
            ReturnToService=2
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            NodeName={host} NodeAddr=127.0.0.1 CPUs={System.Environment.ProcessorCount} State=UNKNOWN
            PartitionName=sim Nodes=ALL Default=YES MaxTime=INFINITE State=UP
            """ + "\n");
        return _folder.File("slurm.conf");
    }
}
