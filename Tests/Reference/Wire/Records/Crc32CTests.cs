using System;
using System.Text;
using Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire.Records;

public sealed class Crc32CTests
{
    /// <summary>Vectors of RFC 3720, appendix B.4, and the usual check value.</summary>
    [Fact]
    public void Known_vectors()
    {
        var ascending = new byte[32];
        var ones = new byte[32];
        for (var i = 0; i < 32; i++)
            (ascending[i], ones[i]) = ((byte)i, 0xFF);
        Assert.Equal(0xE3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(ones));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(ascending));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void The_hardware_agrees_with_the_definition()
    {
        var random = new Random(1);
        for (var length = 0; length < 300; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(Definition(data), Crc32C.Compute(data));
        }
    }

    private static uint Definition(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }
}
