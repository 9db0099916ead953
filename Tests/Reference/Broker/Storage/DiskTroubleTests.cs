using System;
using System.Linq;
using Reference.Broker.Storage;
using Reference.Wire.Records;
using Simulator.Engine;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Storage;

/// <summary>
/// Each trouble that the simulator's disk can make, while logs are written, flushed, compacted and deleted. Verifies of those of which the
/// disk tells that its word counts: what an append or a flush said to be done is there after a restart, or the directory went offline
/// with a sentence; and that a start over what is left succeeds. Of its lies (syncs that did nothing, writes that went astray, bits that
/// flipped) it verifies the weaker promise that is left: a start succeeds or names the place and the remedy, and what a reader that checks
/// the batches' sums gets is what was appended there, as far as a batch can tell (<see cref="TroubledLogs.Doubt"/>).
/// </summary>
public class DiskTroubleTests
{
    private const int Lies = 60;
    private static readonly string[] s_remedies = ["Delete the file", "Move the partition's directory away", "Restore the file", "move it away", "use its own directory", "Copy the topic"];

    [Theory]
    [InlineData(DiskTroubleKind.WriteError)]
    [InlineData(DiskTroubleKind.SyncError)]
    [InlineData(DiskTroubleKind.NameError)]
    [InlineData(DiskTroubleKind.NoSpace)]
    [InlineData(DiskTroubleKind.ReadError)]
    [InlineData(DiskTroubleKind.ShortRead)]
    [InlineData(DiskTroubleKind.ShortWrite)]
    public void What_was_acknowledged_as_flushed_survives_any_trouble_and_power_loss(DiskTroubleKind kind)
    {
        var failed = 0;
        var (compactions, retentions, deletions) = (0, 0, 0);
        for (var seed = 1UL; seed <= 15; seed++)
        {
            var box = new StorageBox(seed);
            var logs = Begin(box, $"{kind}, seed {seed}");
            box.World.RunFor(TimeSpan.FromMilliseconds(400)); // or some would hardly come to more than appends
            var trouble = box.Machine.Disk.Afflict(new DiskTrouble(kind, 0.01, string.Empty, seed));
            box.World.RunFor(TimeSpan.FromSeconds(2));
            Assert.Null(box.World.Failure);
            failed += box.Machine.IsUp ? 0 : 1;
            trouble.End();
            if (box.Machine.IsUp) box.Machine.Crash();
            box.Machine.LosePower();
            box.Run(async node =>
            {
                var (orders, keyed) = await TroubledLogs.Read(await TroubledLogs.Open(node));
                logs.AssertKept(orders, keyed);
            });
            (compactions, retentions, deletions) = (compactions + logs.Upkeep.Compactions, retentions + logs.Upkeep.Retentions, deletions + logs.Upkeep.Deletions);
        }

        Assert.True(compactions > 5 && retentions > 5 && deletions > 5, $"{kind}: only {compactions} compactions, {retentions} segments and {deletions} logs deleted");
        if (kind is DiskTroubleKind.ShortRead or DiskTroubleKind.ShortWrite) Assert.Equal(0, failed);
        else Assert.True(failed > 5, $"{kind} ended {failed} of 15 processes");
    }

    [Theory]
    [InlineData(DiskTroubleKind.LyingSync)]
    [InlineData(DiskTroubleKind.MisdirectedWrite)]
    public void After_a_lie_of_the_disk_a_start_names_what_it_cannot_mend_and_no_wrong_record_is_read(DiskTroubleKind kind)
    {
        var struck = 0;
        for (var seed = 1UL; seed <= Lies; seed++)
        {
            var box = new StorageBox(seed);
            var ending = new Ending(box, seed);
            var logs = Begin(box, $"{kind}, seed {seed}", () => ending.IsAsked);
            var trouble = box.Machine.Disk.Afflict(new DiskTrouble(kind, 0.05, string.Empty, seed));
            ending.Come();
            trouble.End();
            struck += box.World.Faults.Effects.ContainsKey(kind == DiskTroubleKind.LyingSync ? EffectNames.LyingSync : EffectNames.MisdirectedWrite) ? 1 : 0;
            Judge(box, logs, kind == DiskTroubleKind.MisdirectedWrite ? TroubledLogs.Doubt.WhoseItIs : TroubledLogs.Doubt.None, $"{kind}, seed {seed}, {ending}");
        }

        Assert.True(struck > Lies / 2, $"only {struck} of {Lies} were lied to");
    }

    [Fact]
    public void After_bits_have_flipped_a_start_names_what_it_cannot_mend_and_no_wrong_record_is_read()
    {
        var (refused, served) = (0, 0);
        for (var seed = 1UL; seed <= 3 * Lies; seed++)
        {
            var box = new StorageBox(seed);
            var ending = new Ending(box, seed);
            var logs = Begin(box, $"bit rot, seed {seed}", () => ending.IsAsked);
            ending.Come();
            var (where, doubt) = Rot(box, seed);
            if (Judge(box, logs, doubt, $"{where}, seed {seed}, {ending}")) served++;
            else refused++;
        }

        Assert.True(served > 20 && refused > 5, $"{served} starts served, {refused} were refused");
    }

    /// <summary>Starts a process that works on its logs until it is stopped or fails.</summary>
    private static TroubledLogs Begin(StorageBox box, string why, Func<bool>? stops = null)
    {
        var logs = new TroubledLogs();
        var running = false;
        box.Machine.Exited = (_, error) => Assert.True(error is null or StorageException, $"{why}: {error}");
        box.Machine.Start(async node =>
        {
            var manager = await TroubledLogs.Open(node);
            await logs.Work(manager, () => running = true, stops ?? (() => false));
            await manager.Shutdown();
        });
        Assert.True(box.World.RunUntil(() => running, TimeSpan.FromSeconds(10)), $"{why}: {box.World.Failure?.Message}");
        return logs;
    }

    /// <summary>Two starts with a power loss between them; false if the first was refused.</summary>
    private static bool Judge(StorageBox box, TroubledLogs logs, TroubledLogs.Doubt doubt, string why)
    {
        var serves = true;
        for (var start = 1; start <= 2; start++)
        {
            Exception? refusal = null;
            box.Run(async node =>
            {
                try
                {
                    var (orders, keyed) = await TroubledLogs.Read(await TroubledLogs.Open(node));
                    logs.AssertNothingWrong(orders, keyed, doubt, $"{why}, start {start}");
                }
                catch (Exception e) when (e is StorageException or InconsistentBrokerIdException or InconsistentClusterIdException)
                {
                    refusal = e;
                }
            });
            serves &= refusal is null || start == 2;
            if (refusal is not null) AssertHelpful(refusal.Message, why);
            box.Machine.LosePower();
        }

        return serves;
    }

    private static void AssertHelpful(string message, string why)
    {
        Assert.True(message.Contains(StorageBox.Root, StringComparison.Ordinal), $"{why}: no place in '{message}'");
        Assert.True(s_remedies.Any(r => message.Contains(r, StringComparison.Ordinal)), $"{why}: no remedy in '{message}'");
    }

    private static (string Where, TroubledLogs.Doubt Doubt) Rot(StorageBox box, ulong seed)
    {
        var random = RandomStream.Named(seed, "rot");
        var (path, length) = random.Pick(box.Machine.Disk.PeekFiles().Where(f => f.Length > 0).ToList());
        var (at, mask) = (random.NextInt64(0, length), (byte)random.Next(1, 256));
        var isCovered = !path.Contains(".log", StringComparison.Ordinal) || IsCovered(box.Machine.Disk.Peek(path), at);
        Assert.True(box.Machine.Disk.Rot(path, at, mask));
        return ($"{path} at {at} of {length} by {mask}", isCovered ? TroubledLogs.Doubt.None : TroubledLogs.Doubt.WhereItStands);
    }

    private static bool IsCovered(ReadOnlySpan<byte> segment, long at)
    {
        var batches = new RecordBatches(segment);
        while (batches.MoveNext())
        {
            if (at < batches.Position) return at - batches.CurrentStart >= 17; // from the checksum on
        }

        return true;
    }

    /// <summary>How a process that works comes to its end: in order, by a crash, or by a power loss.</summary>
    private sealed class Ending(StorageBox box, ulong seed)
    {
        private readonly RandomStream _random = RandomStream.Named(seed, "ending");
        private int _way;

        public bool IsAsked { get; private set; }

        public void Come()
        {
            box.World.RunFor(_random.NextSpan(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(800)));
            _way = _random.Next(3);
            IsAsked = _way == 0;
            if (IsAsked) Assert.True(box.World.RunUntil(() => !box.Machine.IsUp, TimeSpan.FromSeconds(60)), $"seed {seed}: the process hangs. {box.World.Failure?.Message}");
            if (box.Machine.IsUp) box.Machine.Crash();
            if (_way == 2) box.Machine.LosePower();
            Assert.Null(box.World.Failure);
        }

        public override string ToString() => _way switch
        {
            0 => "stopped in order",
            1 => "crashed",
            _ => "power lost",
        };
    }
}
