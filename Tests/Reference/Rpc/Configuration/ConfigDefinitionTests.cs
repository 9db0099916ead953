using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;
using Xunit;

namespace Tests.Reference.Rpc.Configuration;

public sealed class ConfigDefinitionTests
{
    private static readonly ConfigOption<int> s_size = ConfigOption.Int32("batch.size", 16384, "Bytes.", min: 0);
    private static readonly ConfigOption<TimeSpan> s_linger = ConfigOption.Milliseconds("linger.ms", 5, "Wait.");
    private static readonly ConfigOption<short> s_acks = ConfigOption.OneOf<short>("acks", -1, "Acks.", ("0", 0), ("1", 1), ("all", -1), ("-1", -1));
    private static readonly ConfigDefinition s_definition = new("producer", s_size, s_linger, s_acks);

    [Fact]
    public void Values_are_typed_and_the_rest_has_its_default()
    {
        var values = s_definition.Parse(Pairs(("linger.ms", " 20 "), ("acks", "ALL")));

        Assert.Equal(TimeSpan.FromMilliseconds(20), values.Get(s_linger));
        Assert.Equal(-1, values.Get(s_acks));
        Assert.Equal(16384, values.Get(s_size));
        Assert.False(values.IsGiven(s_size));
        Assert.Equal(("all", "5"), (s_acks.DefaultText, s_linger.DefaultText));
    }

    [Theory]
    [InlineData("linger", "5", "The producer has no option \"linger\"; did you mean linger.ms?")]
    [InlineData("Batch.Size", "5", "The producer has no option \"Batch.Size\"; did you mean batch.size?")]
    [InlineData("zzzzzzzzzzzz", "5", "The producer has no option \"zzzzzzzzzzzz\"; the known ones are acks, batch.size, linger.ms.")]
    [InlineData("batch.size", "-1", "The option batch.size cannot be \"-1\": at least 0 is required.")]
    [InlineData("batch.size", "many", "The option batch.size cannot be \"many\": its type is int.")]
    [InlineData("linger.ms", "9223372036854775807", "The option linger.ms cannot be \"9223372036854775807\": its type is milliseconds.")]
    [InlineData("acks", "2", "The option acks cannot be \"2\": its type is one of 0, 1, all, -1.")]
    public void Wrong_ones_are_refused_by_name(string name, string value, string message)
    {
        var refused = Assert.Throws<ConfigException>(() => s_definition.Parse(Pairs((name, value))));

        Assert.Equal(message, refused.Message);
        Assert.Equal(name, refused.Option);
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(params (string Name, string Value)[] pairs)
    {
        foreach (var (name, value) in pairs) yield return new(name, value);
    }
}
