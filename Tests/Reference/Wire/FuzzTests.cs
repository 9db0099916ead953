using System;
using System.Linq;
using Reference.Wire;
using Reference.Wire.Records;
using Tests.Reference.Wire.Records;
using Xunit;

namespace Tests.Reference.Wire;

/// <summary>
/// Verifies that no input makes a parser do anything but succeed or throw <see cref="WireFormatException"/>, and that
/// what it allocates is bounded by the input's size, whatever lengths the input claims.
/// </summary>
public sealed class FuzzTests
{
    private const int Rounds = 60;

    /// <summary>Bytes allocated per input byte: the widest is an empty structure, an object for two bytes.</summary>
    private const int AllocationFactor = 200;

    /// <summary>First lists of bounded capacity, the exception and its text.</summary>
    private const int AllocationBase = 200_000;

    [Fact]
    public void Random_bytes() => Fuzz((_, _, random) =>
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    });

    [Fact]
    public void Mutated_messages() => Fuzz((message, version, random) =>
    {
        var bytes = Frames.EncodeBody(InstanceMaker.Make(message, version, new RandomSource(random.Next())), version);
        for (var flips = bytes.Length == 0 ? 0 : random.Next(1, 5); flips > 0; flips--)
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    });

    [Fact]
    public void Truncated_messages_are_always_refused()
    {
        foreach (var (message, version) in MessageCatalog.Everything())
        {
            var bytes = Frames.EncodeBody(InstanceMaker.Make(message, version, new CountingSource()), version);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<WireFormatException>(() => MessageCatalog.Read(message, version, bytes.AsMemory(0, length)));
        }
    }

    [Theory]
    [InlineData("7fffffff")]
    [InlineData("7ffffffe0000")]
    [InlineData("80000000")]
    [InlineData("fffffffe")]
    public void A_huge_array_is_refused_before_it_is_allocated(string length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WireFormatException>(() => MessageCatalog.Read(typeof(global::Reference.Wire.Messages.MetadataRequest), 0, Convert.FromHexString(length)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBase);
    }

    [Fact]
    public void Request_headers()
    {
        var random = new Random(17);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
                (bytes[0], bytes[1]) = (0, (byte)random.Next(50));
            Attempt(() =>
            {
                var reader = new WireReader(bytes);
                RequestHeader.Read(ref reader);
            });
        }
    }

    [Fact]
    public void Record_batches()
    {
        var random = new Random(19);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. Batches.Build(2), .. Batches.Build(1)];
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Attempt(() => IterateAll(bytes));
        }
    }

    private static void IterateAll(byte[] bytes)
    {
        var batches = new RecordBatches(bytes);
        while (batches.MoveNext())
        {
            foreach (var record in batches.Current.Records())
                Batches.Copy(record);
        }
    }

    private static void Fuzz(Func<Type, short, Random, byte[]> input)
    {
        var random = new Random(23);
        foreach (var (message, version) in MessageCatalog.Everything())
        {
            foreach (var _ in Enumerable.Range(0, Rounds))
            {
                var bytes = input(message, version, random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                Attempt(() => MessageCatalog.Read(message, version, bytes));
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated < AllocationBase + (bytes.Length * AllocationFactor), $"{message.Name} v{version} allocated {allocated} bytes for {Convert.ToHexStringLower(bytes)}");
            }
        }
    }

    private static void Attempt(Action parse)
    {
        try
        {
            parse();
        }
        catch (WireFormatException)
        {
            // the one error that may come out
        }
    }
}
