using System;
using Reference.Coordination;
using Xunit;

namespace Tests.Reference.Coordination;

public class ZnodePathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b.c")]
    [InlineData("/a/...")]
    public void Valid(string path) => Assert.True(ZnodePath.IsValid(path));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a/")]
    [InlineData("//a")]
    [InlineData("/a//b")]
    [InlineData("/.")]
    [InlineData("/a/../b")]
    [InlineData("/a\u0000")]
    public void Invalid(string path) => Assert.False(ZnodePath.IsValid(path));

    [Fact]
    public void A_connect_string_has_servers_and_a_root()
    {
        var connect = ConnectString.Parse("a:1, b:2,[::1]:3,c/kafka/x");
        Assert.Equal([new("a", 1), new("b", 2), new("::1", 3), new("c", 2181)], connect.Servers);
        Assert.Equal("/kafka/x", connect.Chroot);
        Assert.Equal("/kafka/x/y", connect.ToServer("/y"));
        Assert.Equal("/kafka/x", connect.ToServer("/"));
        Assert.Equal("/y", connect.ToClient("/kafka/x/y"));
        Assert.Equal("/", connect.ToClient("/kafka/x"));
    }

    [Theory]
    [InlineData("", "names no server")]
    [InlineData("a:0", "'a:0'")]
    [InlineData("a:x", "'a:x'")]
    [InlineData("a:1/b/", "'/b/'")]
    public void A_bad_connect_string_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => ConnectString.Parse(text)).Message);
}
