using System.Linq;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Broker.Integration;

public class KcatTests
{
    [RequiresProgramFact("kcat")]
    public async Task Kcat_lists_produces_and_consumes_on_topics_created_by_their_first_use()
    {
        await using var broker = new HostedBroker();
        await broker.Start();
        Assert.Contains("1 brokers:", await broker.Kcat("-L"));
        await broker.Kcat("-P -t first -K :", "k1:one\nk2:two\nk3:three\n");
        Assert.Equal("0|k1|one\n1|k2|two\n2|k3|three\n", await broker.Kcat("-C -t first -o beginning -e -q -f %o|%k|%s\\n"));
        Assert.Equal("two\nthree\n", await broker.Kcat("-C -t first -p 0 -o 1 -e -q"));
        Assert.Contains("topic \"first\" with 1 partitions:", await broker.Kcat("-L -t first"));
    }

    [RequiresProgramFact("kcat")]
    public async Task Every_compression_and_the_idempotent_producer_arrive_whole()
    {
        await using var broker = new HostedBroker();
        await broker.Start();
        var lines = string.Concat(Enumerable.Range(0, 500).Select(static i => $"a line that compresses well, number {i}\n"));
        foreach (var codec in (string[])["none", "gzip", "snappy", "lz4", "zstd"])
        {
            await broker.Kcat($"-P -t {codec} -z {codec}", lines);
            Assert.Equal(lines, await broker.Kcat($"-C -t {codec} -o beginning -e -q"));
        }

        await broker.Kcat("-P -t idempotent -X enable.idempotence=true", lines);
        Assert.Equal(lines, await broker.Kcat("-C -t idempotent -o beginning -e -q"));
    }

    [RequiresProgramFact("kcat")]
    public async Task What_is_sent_without_waiting_for_an_answer_arrives()
    {
        await using var broker = new HostedBroker();
        await broker.Start();
        await broker.Kcat("-P -t unanswered -X acks=0", "one\ntwo\nthree\n");
        Assert.Equal("one\ntwo\nthree\n", await broker.Kcat("-C -t unanswered -o beginning -c 3 -q")); // it waits for the third
    }

    [RequiresProgramFact("kcat")]
    public async Task Clients_of_old_versions_are_served_with_old_message_formats()
    {
        await using var broker = new HostedBroker();
        await broker.Start();
        foreach (var version in (string[])["0.9.0.1", "0.10.0.0"])
        {
            var old = $"-X api.version.request=false -X broker.version.fallback={version}";
            await broker.Kcat($"-P -t old {old}", $"from {version}\n");
            Assert.EndsWith($"from {version}\n", await broker.Kcat($"-C -t old -o beginning -e -q {old}"));
        }
    }

    [RequiresProgramFact("kcat")]
    public async Task Data_outlives_an_orderly_stop()
    {
        await using var broker = new HostedBroker();
        await broker.Start();
        await broker.Kcat("-P -t kept", "one\ntwo\n");
        await broker.Stop();
        await broker.Start();
        Assert.Equal("one\ntwo\n", await broker.Kcat("-C -t kept -o beginning -e -q"));
    }
}
