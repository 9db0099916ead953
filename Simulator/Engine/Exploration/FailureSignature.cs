using System.Text.RegularExpressions;

namespace Simulator.Engine.Exploration;

/// <summary>
/// What failures of many seeds have in common if they have one cause: the property and the first sentence of its message, without
/// what differs from seed to seed (numbers, offsets, hashes, ids, lists of them, quoted values).
/// </summary>
public static partial class FailureSignature
{
    private const int MaxLength = 160;

    /// <summary>"property: message without its numbers".</summary>
    public static string Of(SimFailure failure)
    {
        var sentence = EndOfSentence().Split(failure.Message.TrimStart(), 2)[0];
        var quoted = Quoted().Replace(sentence, "'…'");
        var text = List().Replace(Number().Replace(quoted, "#"), "#");
        if (text.Length > MaxLength) text = text[..MaxLength] + "…";
        return text.Length == 0 ? failure.Property : $"{failure.Property}: {text}";
    }

    [GeneratedRegex(@"\.?\s*[\r\n]|\.\s|\.$")]
    private static partial Regex EndOfSentence();

    [GeneratedRegex(@"'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-f-]*\d)[0-9a-f]{8,}(-[0-9a-f]{4,})*\b|(?<!\w)[-+]?\d+([.,]\d+)*|\d+([.,]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"#(\s*[,;]\s*#)+")]
    private static partial Regex List();
}
