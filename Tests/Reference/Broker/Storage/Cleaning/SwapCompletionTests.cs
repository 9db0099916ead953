using System.Linq;
using Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

/// <summary>What a start makes of a compaction that a crash interrupted, file by file.</summary>
public class SwapCompletionTests
{
    private const string Folder = "/data/orders-0/";
    private readonly StorageBox _box = CompactedBox.Create();

    [Fact]
    public void A_cleaned_file_is_thrown_away_and_a_swap_file_takes_the_place_of_all_it_covers()
    {
        var (before, compacted) = Prepare();
        _box.Write(Folder + "00000000000000000000.log.cleaned", compacted[..50]);
        Assert.Equal(30, Load());
        Assert.Equal(before, CompactedBox.Names(_box.List(Folder)));

        _box.Write(Folder + "00000000000000000000.log.swap", compacted);
        _box.Write(Folder + "00000000000000000000.index.swap", [1, 2, 3]);
        _box.Run(node => node.Disk.Delete(Folder + "00000000000000000010.log")); // the crash came while the old ones were deleted
        Assert.Equal(30 - 18, Load());
        Assert.Equal(["00000000000000000000.log", .. before.Skip(4)], CompactedBox.Names(_box.List(Folder)));
    }

    /// <summary>No checksum covers the first byte, of the base offset: a swap file that seemed to reach so far took all segments with it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_swap_file_gives_way_to_what_it_was_to_replace(bool isFirstByte)
    {
        var (before, compacted) = Prepare();
        compacted[isFirstByte ? 0 : ^3] ^= 1;
        _box.Write(Folder + "00000000000000000000.log.swap", compacted);
        Assert.Equal(30, Load());
        Assert.Equal(before, CompactedBox.Names(_box.List(Folder)));
    }

    /// <summary>A log of 30 records in segments of five, and what a compaction would make of the first 20: the last of each of two keys.</summary>
    private (string[] Names, byte[] Compacted) Prepare()
    {
        byte[] compacted = [];
        _box.RunLog(async log =>
        {
            await log.StartLeading(1);
            for (var i = 0; i < 30; i++) await CompactedBox.Append(log, $"k{i % 2}={i:D3}");
            compacted = (await (await log.Read(18, 1000, FetchIsolation.LogEnd)).Slice.ReadAll()).ToArray();
        });
        return (CompactedBox.Names(_box.List(Folder)), compacted);
    }

    private int Load()
    {
        var count = 0;
        _box.RunLog(async log => count = (await CompactedBox.Dump(log)).Count);
        return count;
    }
}
