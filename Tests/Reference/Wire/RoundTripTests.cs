using System;
using FsCheck;
using FsCheck.Fluent;
using Reference.Wire;
using Reference.Wire.Schema;
using Xunit;

namespace Tests.Reference.Wire;

/// <summary>Verifies that what is written is what is read, for every message and version. Not that the bytes are Kafka's: the golden bytes do.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Every_message_survives_every_version() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            foreach (var (message, version) in MessageCatalog.Everything())
                AssertRoundTrip(message, version, new RandomSource(seed));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_defaults_survive_every_version()
    {
        foreach (var (message, version) in MessageCatalog.Everything())
        {
            var empty = (IApiMessage)Activator.CreateInstance(message)!;
            if (TryEncode(empty, version) is { } bytes)
                Assert.Equal(empty, MessageCatalog.Read(message, version, bytes));
        }
    }

    [Fact]
    public void Unknown_tagged_fields_are_skipped()
    {
        foreach (var (message, version) in MessageCatalog.Everything())
        {
            if (!MessageCatalog.IsFlexible(message, version) || TryEncode((IApiMessage)Activator.CreateInstance(message)!, version) is not { } bytes)
                continue;
            Assert.Equal(0, bytes[^1]); // no tagged fields at the end of an instance with defaults
            byte[] extended = [.. bytes[..^1], 1, 99, 3, 7, 7, 7];
            Assert.Equal(Activator.CreateInstance(message), MessageCatalog.Read(message, version, extended));
        }
    }

    [Fact]
    public void Versions_outside_the_declared_ones_are_refused()
    {
        foreach (var message in MessageCatalog.All)
        {
            var beyond = (short)(MessageCatalog.Range(MessageCatalog.Attribute(message).Versions).Max + 1);
            var instance = (IApiMessage)Activator.CreateInstance(message)!;
            Assert.Throws<UnsupportedVersionException>(() => instance.Size(beyond));
            Assert.Throws<UnsupportedVersionException>(() => MessageCatalog.Read(message, beyond, new byte[100]));
            Assert.Throws<UnsupportedVersionException>(() => MessageCatalog.Read(message, -1, new byte[100]));
        }
    }

    private static void AssertRoundTrip(Type message, short version, IValueSource source)
    {
        var original = InstanceMaker.Make(message, version, source);
        var bytes = Frames.EncodeBody(original, version); // throws unless Size equals the bytes written
        Assert.Equal(original.Size(version), bytes.Length);
        var copy = MessageCatalog.Read(message, version, bytes);
        Assert.Equal(original, copy);
        Assert.Equal(original.ToString(), copy.ToString());
        Assert.Equal(original.GetHashCode(), copy.GetHashCode());
        Assert.Equal(bytes, Frames.EncodeBody(copy, version));
    }

    /// <summary>Null where a default (a null topic name before version 12) cannot be expressed.</summary>
    private static byte[]? TryEncode(IApiMessage message, short version)
    {
        try
        {
            return Frames.EncodeBody(message, version);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
