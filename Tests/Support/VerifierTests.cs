using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Tests.Support;

/// <summary>The stand-in for Verify: what it accepts, what it refuses, and what it says.</summary>
public sealed class VerifierTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string Stem => Path.Combine(_folder.Path, "Some.Test");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Approved_text_passes() => Verifier.Verify("one\ntwo\n");

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public Task Cases_of_a_theory_have_files_of_their_own(string which) => Verifier.Verify(new { Case = which }, which);

    [Fact]
    public void Nothing_approved_yet_fails_and_leaves_what_was_received()
    {
        var failure = Assert.Throws<VerifyException>(() => Verifier.Compare("new", Stem, approve: false));

        Assert.Contains("Nothing is approved yet", failure.Message);
        Assert.Equal("new\n", File.ReadAllText(Stem + ".received.txt"));
        Assert.False(File.Exists(Stem + ".verified.txt"));
    }

    [Fact]
    public void A_difference_fails_with_an_excerpt_and_the_command_that_accepts_it()
    {
        File.WriteAllText(Stem + ".verified.txt", "1\n2\n3\n4\n5\n6\n");

        var failure = Assert.Throws<VerifyException>(() => Verifier.Compare("1\n2\n3\nfour\n5\n6\n", Stem, approve: false));

        Assert.Contains("first difference in line 4:\n  2\n  3\n- 4\n+ four\n  5\n  6\n", failure.Message);
        Assert.Contains($"mv '{Stem}.received.txt' '{Stem}.verified.txt'", failure.Message);
        Assert.Contains("SIM_APPROVE=1", failure.Message);
    }

    [Fact]
    public void Accepting_writes_the_approved_text_and_clears_the_received_one()
    {
        Assert.Throws<VerifyException>(() => Verifier.Compare("x", Stem, approve: false));

        Verifier.Compare("x", Stem, approve: true);
        Verifier.Compare("x", Stem, approve: false);

        Assert.Equal("x\n", File.ReadAllText(Stem + ".verified.txt"));
        Assert.False(File.Exists(Stem + ".received.txt"));
    }

    [Fact]
    public void Line_ends_of_another_system_are_no_difference()
    {
        File.WriteAllText(Stem + ".verified.txt", "a\r\nb\r\n");

        Verifier.Compare("a\nb", Stem, approve: false);

        Assert.False(File.Exists(Stem + ".received.txt"));
    }
}
