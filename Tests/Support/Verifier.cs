using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Tests.Support;

/// <summary>
/// Approval tests in the shape of the Verify package: the text of a test is compared with
/// <c>{TestClass}.{TestMethod}.verified.txt</c> beside the test's source; a difference is written as
/// <c>.received.txt</c> and fails. <c>SIM_APPROVE=1</c> accepts what was received.
/// </summary>
public static class Verifier
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Compares text with what was approved for this test.</summary>
    /// <param name="target">The text; line ends are compared as line feeds.</param>
    /// <param name="parameters">Tells the cases of a theory apart, as in <c>{TestMethod}_{parameters}.verified.txt</c>.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <param name="method">Filled in by the compiler.</param>
    /// <exception cref="VerifyException">Nothing was approved yet, or the text differs.</exception>
    public static Task Verify(
        string target, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "")
    {
        var name = parameters is null ? method : $"{method}_{parameters}";
        Compare(target, Path.Combine(Path.GetDirectoryName(sourceFile)!, $"{Path.GetFileNameWithoutExtension(sourceFile)}.{name}"));
        return Task.CompletedTask;
    }

    /// <summary>Compares a value, written as indented JSON, with what was approved for this test.</summary>
    /// <inheritdoc cref="Verify(string, string?, string, string)"/>
    public static Task Verify<T>(
        T target, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        Verify(JsonSerializer.Serialize(target, Indented), parameters, sourceFile, method);

    /// <summary>Compares text with the file <c>{stem}.verified.txt</c>.</summary>
    internal static void Compare(string target, string stem, bool? approve = null)
    {
        var verified = stem + ".verified.txt";
        var received = stem + ".received.txt";
        var actual = Normalise(target);
        var expected = File.Exists(verified) ? Normalise(File.ReadAllText(verified)) : null;
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        if (approve ?? Environment.GetEnvironmentVariable("SIM_APPROVE") == "1")
        {
            File.Delete(received);
            File.WriteAllText(verified, actual);
            return;
        }

        File.WriteAllText(received, actual);
        throw new VerifyException(Explain(expected, actual, received, verified));
    }

    private static string Normalise(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string Explain(string? expected, string actual, string received, string verified)
    {
        var text = new StringBuilder();
        text.Append(expected is null ? $"Nothing is approved yet in {verified}\n" : $"The text differs from {verified}\n");
        text.Append(TextDiff.Excerpt(expected ?? "", actual));
        text.Append($"To accept it: mv '{received}' '{verified}'\n");
        text.Append("or run the test again with SIM_APPROVE=1");
        return text.ToString();
    }
}

/// <summary>The text of an approval test is not what was approved.</summary>
public sealed class VerifyException(string message) : Exception(message);
