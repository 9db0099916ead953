using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Reference.Broker.Storage.Cleaning;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

public class OffsetMapTests
{
    [Fact]
    public void It_is_a_dictionary_until_it_is_full() =>
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Choose(1, 40), Gen.ListOf(Gen.Choose(0, 60)))), drawn =>
        {
            var (capacity, keys) = drawn;
            var map = new OffsetMap(capacity, 0.75);
            var model = new Dictionary<int, long>();
            long offset = 0;
            foreach (var key in keys)
            {
                var fits = model.ContainsKey(key) || model.Count < capacity;
                Assert.Equal(fits, map.TryPut(BitConverter.GetBytes(key), offset));
                if (fits) model[key] = offset;
                offset++;
            }

            Assert.Equal(model.Count, map.Count);
            for (var key = 0; key <= 60; key++) Assert.Equal(model.GetValueOrDefault(key, -1), map.Find(BitConverter.GetBytes(key)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(24 * 101, 0.9, 1000, 90)]
    [InlineData(24 * 101, 0.9, 10, 10)] // never more than there are records
    [InlineData(0, 0.9, 10, 0)]
    public void Its_memory_is_bounded(long bytes, double loadFactor, long records, int capacity)
    {
        Assert.Equal(capacity, OffsetMap.CapacityOf(bytes, loadFactor, records));
        var map = new OffsetMap(capacity, loadFactor);
        for (var i = 0; i < capacity; i++) Assert.True(map.TryPut(BitConverter.GetBytes(i), i));
        Assert.False(map.TryPut(BitConverter.GetBytes(-1), 0));
        Assert.Equal(-1, map.Find(BitConverter.GetBytes(-1)));
    }
}
