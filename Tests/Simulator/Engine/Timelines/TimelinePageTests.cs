using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Simulator.Engine.Exploration;
using Simulator.Engine.Timelines;
using Simulator.Engine.Timelines.Export;
using Tests.Support;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Timelines;

public class TimelinePageTests
{
    private static readonly Timeline s_timeline = SeedRunner.Run(new ToyScenario(breaks: _ => true), 2, new RunOptions(Timeline: true)).Timeline!;

    [Fact]
    public void The_page_loads_nothing_from_anywhere()
    {
        var page = PageOf(s_timeline);
        Assert.DoesNotMatch("https?://", page);
        Assert.DoesNotMatch(@"(src|href)\s*=", page);
        Assert.DoesNotMatch(@"@import|url\(|\bimport\s*\(|XMLHttpRequest|\bfetch\(|WebSocket", page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/*style*/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/*script*/", page, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_in_the_page_is_that_of_the_run()
    {
        var data = PageData.Of(PageOf(s_timeline));
        Assert.Equal(s_timeline.Lanes, data.Header.GetProperty("lanes").EnumerateArray().Select(l => l.GetString()));
        Assert.Equal("2", data.Header.GetProperty("seed").GetString());
        Assert.Equal(s_timeline.Failure!.Message, data.Header.GetProperty("failure").GetProperty("message").GetString());
        Assert.Equal(s_timeline.Failure.AtEvent, data.Header.GetProperty("failure").GetProperty("event").GetInt64());
        Assert.Equal(s_timeline.Messages.Select(m => m.SentMicros), data.Columns["message.begin"]);
        Assert.Equal(s_timeline.Messages.Select(m => m.EndMicros - m.SentMicros), data.Columns["message.duration"]);
        Assert.Equal(s_timeline.Messages.Select(m => m.EndEvent - m.SentEvent), data.Columns["message.events"]);
        Assert.Equal(s_timeline.Messages.Select(m => (long)m.Label), data.Columns["message.label"]);
        var texts = data.Header.GetProperty("texts").EnumerateArray().Select(t => t.GetString()).ToList();
        Assert.Equal(s_timeline.Marks.Select(m => m.Text), data.Columns["mark.text"].Select(t => texts[(int)t]));
        Assert.Equal(s_timeline.Bands.Count, data.Header.GetProperty("bandLanes").GetArrayLength());
    }

    [Fact]
    public void Text_of_the_run_cannot_become_part_of_the_page()
    {
        var hostile = s_timeline with { Scenario = "</script><script>alert(1)</script>", Lanes = ["</script>", .. s_timeline.Lanes.Skip(1)] };
        var page = PageOf(hostile);
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.Equal("</script>", PageData.Of(page).Header.GetProperty("lanes")[0].GetString());
    }

    [RequiresProgramFact("chromium")]
    public async Task A_browser_draws_the_page_and_selects_the_failure()
    {
        using var folder = new TempDirectory();
        var page = await Browser.Open(folder, PageOf(s_timeline), "");
        Assert.Equal("", page.Problems);
        Assert.True(page.Number("drawn") > 0);
        Assert.Equal(s_timeline.Messages.Count, page.Number("messages"));
        Assert.Equal(s_timeline.Bands.Count, page.Number("faults"));
        Assert.Equal("echo-is-right fails", page.Data("selected"));
        Assert.Equal(s_timeline.Failure!.AtEvent, page.Number("selected-event"));
        Assert.True(page.Number("arrows") > 0);
    }

    [RequiresProgramFact("chromium")]
    public async Task Stepping_back_from_the_failure_goes_through_the_events_before_it()
    {
        using var folder = new TempDirectory();
        var page = await Browser.Open(folder, PageOf(s_timeline), "select=failure&step=-1");
        var lastMessage = s_timeline.Messages.Where(m => m.End == MessageEnd.Arrived).MaxBy(m => m.EndEvent);
        Assert.Equal("Data arrived", page.Data("selected"));
        Assert.Equal(lastMessage.EndEvent, page.Number("selected-event"));
    }

    [RequiresProgramFact("chromium")]
    public async Task A_search_counts_its_matches_and_goes_to_them()
    {
        using var folder = new TempDirectory();
        var timeline = SeedRunner.Run(new ToyScenario(), 2, new RunOptions(Timeline: true)).Timeline!;
        Assert.NotEmpty(timeline.Bands);
        var page = await Browser.Open(folder, PageOf(timeline), "zoom=1&q=connection-reset&find=1&theme=dark");
        Assert.Equal(timeline.Bands.Count, page.Number("matches"));
        Assert.Equal("connection-reset begins", page.Data("selected"));
        Assert.Equal("dark", page.Data("theme"));
    }

    /// <summary>How long a frame takes is measured by hand, with <c>#bench</c>: under the browser's virtual time its clock stands still.</summary>
    [RequiresProgramFact("chromium")]
    public async Task A_run_of_a_million_messages_fits_the_size_bound_and_is_drawn()
    {
        const int Messages = 1_000_000;
        using var folder = new TempDirectory();
        var text = PageOf(s_timeline with { EndMicros = 130_000_000, Messages = [.. Enumerable.Range(0, Messages).Select(Message)], MessagesSeen = Messages, Failure = null });
        Assert.InRange(text.Length, 1_000_000, 30_000_000);
        var page = await Browser.Open(folder, text, "bench");
        Assert.Equal("", page.Problems);
        Assert.Equal(Messages, page.Number("messages"));
        Assert.True(page.Number("drawn") > 0);
    }

    // Pseudo-random without a generator, so that it compresses no better than a real run.
    private static TimelineMessage Message(int i)
    {
        var noise = (int)((uint)i * 2654435761u >> 8);
        var sent = (i * 130L) + (noise % 100);
        return new TimelineMessage(sent, sent + 100 + (noise % 700), i * 2L, (i * 2L) + 3, 0, i % 2, 1 - (i % 2), noise % s_timeline.Labels.Count, noise % 1400, MessageEnd.Arrived, 1);
    }

    private static string PageOf(Timeline timeline)
    {
        var page = new StringWriter(CultureInfo.InvariantCulture);
        TimelinePage.Write(timeline, page);
        return page.ToString();
    }

    /// <summary>A page as a browser without a window has drawn it.</summary>
    private sealed class Browser(string document)
    {
        public string Problems => Data("problems");

        public static async Task<Browser> Open(TempDirectory folder, string page, string address)
        {
            var file = folder.File("page.html");
            await File.WriteAllTextAsync(file, page);
            var result = await ExternalProgram.Run(
                "chromium",
                [
                    "--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.File("profile")}", "--window-size=1600,1000",
                    "--virtual-time-budget=20000", "--dump-dom", $"file://{file}#{address}",
                ],
                timeout: TimeSpan.FromMinutes(2));
            return new Browser(result.Expect0().StandardOutput);
        }

        public string Data(string name) => Regex.Match(document, $"<html[^>]* data-{name}=\"([^\"]*)\"").Groups[1].Value;

        public long Number(string name) => long.Parse(Data(name), CultureInfo.InvariantCulture);
    }
}
