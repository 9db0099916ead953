using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Text;

namespace Simulator.Engine.Timelines.Export;

/// <summary>
/// A timeline as one HTML file that needs nothing else: style, script and data stand in it, and it loads nothing. The parts are
/// files of their own under <c>Timelines/Page</c>, put together here.
/// </summary>
public static class TimelinePage
{
    /// <summary>Writes the page.</summary>
    public static void Write(Timeline timeline, TextWriter output)
    {
        var page = Part("page.html");
        foreach (var (hole, content) in new (string, Func<string>)[]
        {
            ("<!--title-->", () => WebUtility.HtmlEncode($"{timeline.Scenario} seed {timeline.Seed}")),
            ("/*style*/", () => Part("style.css")),
            ("<!--data-->", () => Convert.ToBase64String(PagePayload.Of(timeline))),
            ("/*script*/", Script),
        })
        {
            var at = page.IndexOf(hole, StringComparison.Ordinal);
            output.Write(page.AsSpan(0, at));
            output.Write(content());
            page = page[(at + hole.Length)..];
        }

        output.Write(page);
    }

    // The modules share one function scope, in the order of their numbers.
    private static string Script()
    {
        var script = new StringBuilder("'use strict';\n(() => {\n");
        foreach (var name in Names().Where(n => n.EndsWith(".js", StringComparison.Ordinal)).Order(StringComparer.Ordinal)) script.Append(Read(name));
        return script.Append("})();\n").ToString();
    }

    private static string Part(string file) => Read(Names().Single(n => n.EndsWith(".Page." + file, StringComparison.Ordinal)));

    private static string[] Names() => Assembly.GetExecutingAssembly().GetManifestResourceNames();

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
