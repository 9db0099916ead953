using System.Text;
using Reference.Wire;
using Xunit;

namespace Tests.Reference.Wire;

public sealed class Murmur2Tests
{
    /// <summary>The vectors that Kafka's own clients test against.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Known_keys_hash_as_in_Kafka(string key, int expected) =>
        Assert.Equal(expected, Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void A_partition_is_never_negative()
    {
        for (var i = 0; i < 1000; i++)
            Assert.InRange(Murmur2.Partition(Encoding.UTF8.GetBytes($"key-{i}"), 7), 0, 6);
    }
}
