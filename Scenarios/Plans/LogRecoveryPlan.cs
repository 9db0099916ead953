using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Engine.Faults;
using Simulator.Platform;

namespace Scenarios.Plans;

/// <summary>
/// Logs are recovered again and again: machines lose power, processes die in the middle of writes, disks refuse to read, write, sync
/// or find room, become full and have room again later, after an orderly stop leave junk behind the last records, and are exchanged for
/// empty ones where nobody counts on what they hold. Some brokers have two log directories, of which one fails alone. What was
/// acknowledged was synced by all in sync, so it must be there.
/// </summary>
public static class LogRecoveryPlan
{
    private static readonly Range<double> s_some = new(0.001, 0.05);
    private static readonly Range<double> s_many = new(0.05, 0.5);
    private static readonly Range<TimeSpan> s_soon = new(TimeSpan.Zero, TimeSpan.FromSeconds(1));

    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "log-recovery",
        Description = "logs and checkpoints recovered after power loss, torn writes and failing disks",
        Adjust = Adjust,
        Faults = static sites =>
        [
            .. sites.Swarm.TwoLogDirectories ? OfOneDirectory : [],
            (new ProcessCrash(), 3),
            (new CrashAtEvent(), 4),
            (new GracefulRestart(sites.RequestStop), 2),
            (new ConnectionReset(), 1),
            (new FullPartition(), 1),
            (new SlowDisk(), 2),
            (new StalledDisk(), 2),
            (new ShortReads(), 2),
            (new ShortWrites(), 3),
            (new WriteErrors { Rate = s_some }, 2),
            (new ReadErrors { Rate = s_some }, 1),
            (new NameErrors { Rate = s_some }, 1),
            (new SyncErrors { Rate = s_some }, 2),
            (new NoSpaceErrors { Rate = s_some }, 2),
            (new FullDisk(), 1),
            (new PowerLoss(), 3),
        ],
        RareLosses = [],
        Ambushes = static _ =>
        [
            new(Moments.IsrExpansion, new CrashAtEvent(), 0.3, s_soon),
            new(Moments.OrderlyStop, new JunkTail(LastSegments), 0.8, s_soon),
            new(Moments.LeftIsr, new WipedDisk(), 0.8, s_soon),
            new(Moments.LeftIsr, new PowerLoss(DiskLosses.All), 0.25, s_soon), // where disks are slow, much is open
            new(Moments.LeftIsr, new PowerLoss(), 0.25, s_soon),
        ],
    };

    /// <summary>Faults of one directory of two: the broker goes on with the other.</summary>
    private static IReadOnlyList<(Fault Fault, int Weight)> OfOneDirectory =>
    [
        (new WriteErrors { Rate = s_many, Path = BrokerMachine.FirstDirectory + "/" }, 1), // with the slash, or the second would suffer too
        (new WriteErrors { Rate = s_many, Path = BrokerMachine.SecondDirectory + "/" }, 2),
        (new SyncErrors { Rate = s_many, Path = BrokerMachine.SecondDirectory + "/" }, 2),
        (new NoSpaceErrors { Rate = s_many, Path = BrokerMachine.SecondDirectory + "/" }, 2),
    ];

    // Of several partitions each directory gets some.
    private static Swarm Adjust(Swarm swarm, RandomStream random)
    {
        var adjusted = swarm with { PowerLoss = true, SegmentBytes = random.Pick([1_024, 4_096, 16_384]) };
        return random.Chance(0.4) ? adjusted with { TwoLogDirectories = true, Partitions = Math.Max(2, swarm.Partitions) } : adjusted;
    }

    /// <summary>The files to which brokers had appended last, one of each log.</summary>
    private static IReadOnlyList<string> LastSegments(IReadOnlyList<(string Path, long Length)> files)
    {
        var last = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in files.Select(f => f.Path).Where(p => p.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal)) last[path[..path.LastIndexOf('/')]] = path;
        return [.. last.Values];
    }
}
