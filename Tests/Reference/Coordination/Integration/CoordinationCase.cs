using System;
using System.Collections.Generic;
using Reference.Coordination;
using Simulator.Platform;

namespace Tests.Reference.Coordination.Integration;

/// <summary>What a case of the contract sees: a node, where the store is, and a path of its own.</summary>
internal sealed class CoordinationCase(Node node, string servers, string name)
{
    public static TimeSpan Patience => TimeSpan.FromSeconds(20);

    public Node Node { get; } = node;

    /// <summary>A client whose root is the case's own path; its first one makes that path.</summary>
    public async LoopTask<CoordinationClient> Client(int timeoutMillis = 6000)
    {
        var outside = new CoordinationClient(Node, new CoordinationClientOptions(servers));
        await outside.Start();
        if (await outside.Exists("/" + name) is null) await outside.Create("/" + name, []);
        await outside.Close();
        var client = new CoordinationClient(
            Node, new CoordinationClientOptions($"{servers}/{name}") { SessionTimeout = TimeSpan.FromMilliseconds(timeoutMillis) });
        await client.Start();
        return client;
    }

    /// <summary>A watcher that keeps what it hears.</summary>
    public LoopMailbox<WatchEvent> Watch(out Action<WatchEvent> watcher)
    {
        var heard = new LoopMailbox<WatchEvent>();
        watcher = e => heard.Send(e);
        return heard;
    }

    public static async LoopTask<CoordinationException> Fails(LoopTask task)
    {
        try
        {
            await task;
        }
        catch (CoordinationException e)
        {
            return e;
        }

        throw new Xunit.Sdk.XunitException("Expected a CoordinationException, but nothing was thrown.");
    }

    public static async LoopTask FailsWith(CoordinationError error, LoopTask task) => Xunit.Assert.Equal(error, (await Fails(task)).Error);

    /// <summary>The cases by name.</summary>
    public static IReadOnlyDictionary<string, Func<CoordinationCase, LoopTask>> All { get; } = new Dictionary<string, Func<CoordinationCase, LoopTask>>
    {
        [nameof(CoordinationContract.A_znode_is_created_read_set_and_deleted)] = CoordinationContract.A_znode_is_created_read_set_and_deleted,
        [nameof(CoordinationContract.Wrong_requests_get_their_own_errors)] = CoordinationContract.Wrong_requests_get_their_own_errors,
        [nameof(CoordinationContract.Children_are_listed_and_counted)] = CoordinationContract.Children_are_listed_and_counted,
        [nameof(CoordinationContract.Sequential_znodes_are_numbered_by_their_parent)] = CoordinationContract.Sequential_znodes_are_numbered_by_their_parent,
        [nameof(CoordinationContract.An_ephemeral_znode_goes_with_its_session)] = CoordinationContract.An_ephemeral_znode_goes_with_its_session,
        [nameof(CoordinationContract.A_multi_is_all_or_nothing)] = CoordinationContract.A_multi_is_all_or_nothing,
        [nameof(CoordinationContract.Watches_fire_once_and_before_the_change_is_seen)] = CoordinationContract.Watches_fire_once_and_before_the_change_is_seen,
        [nameof(CoordinationContract.A_watcher_hears_of_another_session)] = CoordinationContract.A_watcher_hears_of_another_session,
        [nameof(CoordinationContract.Requests_of_a_session_take_effect_in_order)] = CoordinationContract.Requests_of_a_session_take_effect_in_order,
        [nameof(CoordinationContract.Large_data_come_back_whole)] = CoordinationContract.Large_data_come_back_whole,
    };
}
