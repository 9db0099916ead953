using System.Collections.Generic;
using System.Linq;

namespace Reference.Wire.Generator;

/// <summary>What the table of APIs needs to know of one message.</summary>
/// <param name="FullName">Fully qualified record name.</param>
/// <param name="ApiName">Name shared by request and response.</param>
/// <param name="ApiKeyName">Member of the ApiKey enum.</param>
/// <param name="ApiKeyValue">Its number.</param>
/// <param name="IsRequest">Request or response.</param>
/// <param name="Versions">Valid versions.</param>
/// <param name="Flexible">Flexible versions.</param>
/// <param name="Place">Where the declaration stands.</param>
internal sealed record TableRow(
    string FullName,
    string ApiName,
    string ApiKeyName,
    int ApiKeyValue,
    bool IsRequest,
    VersionSpan Versions,
    VersionSpan Flexible,
    Place Place)
{
    public static TableRow Of(MessageModel message) => new(
        $"global::{message.Namespace}.{message.Root.Name}",
        message.ApiName,
        message.ApiKeyName,
        message.ApiKeyValue,
        message.IsRequest,
        message.Versions,
        message.Flexible,
        message.Place);
}

/// <summary>Emits the table of supported APIs and the readers chosen by API key.</summary>
internal static class TableEmitter
{
    /// <summary>Checks that every API has exactly one request and one response with the same versions.</summary>
    public static List<Problem> Check(EquatableArray<TableRow> rows)
    {
        var problems = new List<Problem>();
        foreach (var api in rows.GroupBy(r => r.ApiKeyValue))
        {
            var members = api.ToList();
            var first = members[0];
            var second = members.Count == 2 ? members[1] : null;
            var detail = second is null || first.IsRequest == second.IsRequest
                ? "an API key needs exactly one request and one response"
                : first.Versions != second.Versions || first.Flexible != second.Flexible
                    ? $"its versions differ from those of the {first.ApiName} request"
                    : first.ApiName != second.ApiName ? "request and response must share the name before the suffix" : null;
            if (detail is not null)
                problems.Add(new Problem(ProblemCode.Pair, members[members.Count - 1].Place, first.ApiName, detail));
        }

        return problems;
    }

    public static string Emit(EquatableArray<TableRow> rows)
    {
        var code = new CodeWriter();
        MessageEmitter.Preamble(code);
        code.Line("namespace Reference.Wire;");
        code.Line();
        code.Open("public static partial class SupportedApis");
        code.Line("private static readonly global::System.Collections.Generic.IReadOnlyList<SupportedApi> s_all =");
        code.Line("[");
        foreach (var row in rows.Where(r => r.IsRequest))
            code.Line($"    new(ApiKey.{row.ApiKeyName}, {MessageEmitter.Range(row.Versions)}, {MessageEmitter.Range(row.Flexible)}),");
        code.Line("];");
        code.Line();
        EmitSwitch(code, rows, true);
        code.Line();
        EmitSwitch(code, rows, false);
        code.Close();
        return code.ToString();
    }

    private static void EmitSwitch(CodeWriter code, EquatableArray<TableRow> rows, bool requests)
    {
        var name = requests ? "ReadRequest" : "ReadResponse";
        code.Line($"/// <summary>Reads the body of a {(requests ? "request" : "response")} whose type is known at run time only.</summary>");
        code.Line("/// <exception cref=\"UnsupportedVersionException\">The API or version is not declared.</exception>");
        code.Line("/// <exception cref=\"WireFormatException\">The bytes are not such a message.</exception>");
        code.Line($"public static global::Reference.Wire.Schema.IApiMessage {name}(ApiKey api, ref WireReader reader, short version) => api switch");
        code.Line("{");
        foreach (var row in rows.Where(r => r.IsRequest == requests))
            code.Line($"    ApiKey.{row.ApiKeyName} => {row.FullName}.Read(ref reader, version),");
        code.Line("    _ => throw new UnsupportedVersionException(api, version, VersionRange.None),");
        code.Line("};");
    }
}
