using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Reference.Coordination;
using Simulator.Platform;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Coordination.Integration;

/// <summary>ZooKeeper's own command line against the embedded server.</summary>
public class ZkCliTests
{
    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Cli)]
    public async Task It_browses_creates_sets_and_deletes()
    {
        await using var server = await EmbeddedServer.Start();
        var output = await ZooKeeperPrograms.RunCli(
            server.Port, "create /a hello", "create -e /a/e temporary", "create -s /a/n numbered", "ls /a", "get /a", "set /a changed", "stat /a", "get /a", "getAcl /a", "delete /nothing", "ls -s /");
        Assert.Contains("Created /a\n", output);
        Assert.Contains("Created /a/n0000000001", output);
        Assert.Contains("[e, n0000000001]", output);
        Assert.Contains("hello", output);
        Assert.Contains("dataVersion = 1", output);
        Assert.Contains("changed", output);
        Assert.Contains("'world,'anyone", output);
        Assert.Contains("Node does not exist: /nothing", output);

        await server.Run(async node =>
        {
            var client = new CoordinationClient(node, new CoordinationClientOptions($"127.0.0.1:{server.Port}"));
            await client.Start();
            Assert.Equal("changed", Encoding.UTF8.GetString((await client.GetData("/a")).Data));
            Assert.Equal(["n0000000001"], (await client.GetChildren("/a")).Names); // its ephemeral went with its session
            await client.Close();
        });
    }

    [RequiresProgramFact(ZooKeeperPrograms.Java, ZooKeeperPrograms.Cli)]
    public async Task It_hears_of_its_watches()
    {
        await using var server = await EmbeddedServer.Start();
        var output = await ZooKeeperPrograms.RunCli(
            server.Port, "create /w", "get -w /w", "set /w x", "ls -w /w", "create /w/c", "stat -w /w/d", "create /w/d", "delete /w/c");
        Assert.Contains("type:NodeDataChanged path:/w", output);
        Assert.Contains("type:NodeChildrenChanged path:/w", output);
    }

    [Fact]
    public async Task Four_letter_words_are_answered()
    {
        await using var server = await EmbeddedServer.Start();
        Assert.Equal("imok", await Ask(server.Port, "ruok"));
        var status = await Ask(server.Port, "srvr");
        Assert.Contains("Mode: standalone", status);
        Assert.Contains("Node count: 1", status);
    }

    [Fact]
    public async Task Garbage_and_oversized_frames_close_only_their_own_connection()
    {
        await using var server = await EmbeddedServer.Start();
        await server.Run(async node =>
        {
            var client = new CoordinationClient(node, new CoordinationClientOptions($"127.0.0.1:{server.Port}"));
            await client.Start();
            foreach (var garbage in (byte[][])[[0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 2, 9, 9], [0, 0, 0, 0]])
            {
                var connection = await node.Network.Connect(new Endpoint("127.0.0.1", server.Port), CoordinationCase.Patience);
                await connection.Write(garbage);
                try
                {
                    Assert.Equal(0, await connection.Read(new byte[10]));
                }
                catch (NetworkException e)
                {
                    Assert.Equal(NetworkError.Reset, e.Error);
                }

                connection.Close();
            }

            await client.Create("/still-here", []);
            await client.Close();
        });
    }

    private static async Task<string> Ask(int port, string word)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word));
        using var memory = new System.IO.MemoryStream();
        await client.GetStream().CopyToAsync(memory);
        return Encoding.ASCII.GetString(memory.ToArray());
    }
}
