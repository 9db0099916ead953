using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tests.House;

/// <summary>The simulator knows nothing of Kafka; the reference implementation knows nothing of the simulator.</summary>
internal static partial class VocabularyRule
{
    private static readonly IReadOnlyList<string> KafkaWords = ["kafka", "broker", "brokers", "topic", "topics", "isr", "isrs", "zookeeper", "znode"];

    /// <summary>Kafka words as whole words or as parts of identifiers, in code and comments of the simulator.</summary>
    public static IEnumerable<string> CheckSimulator(SourceFile file) =>
        from Match word in Words().Matches(file.Text)
        where KafkaWords.Contains(word.Value.ToLowerInvariant())
        select file.At(word.Index, $"'{word.Value}' is a word of Kafka");

    /// <summary>Names in the reference implementation that ask whether the world is simulated.</summary>
    public static IEnumerable<string> CheckReference(SourceFile file)
    {
        foreach (var token in file.Syntax.DescendantTokens(descendIntoTrivia: true).Where(t => t.IsKind(SyntaxKind.IdentifierToken)))
        {
            if (AskingForTheWorld().IsMatch(token.Text))
                yield return $"{file.At(token.SpanStart, $"'{token.Text}' asks whether the world is real")}";
        }
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Words();

    [GeneratedRegex("[Ss]imulat(ed|ion|ing)|^[Ii]s(Sim|Simulator|Real|Fake|Test)($|[A-Z])|^SIM(ULATOR)?$")]
    private static partial Regex AskingForTheWorld();
}
