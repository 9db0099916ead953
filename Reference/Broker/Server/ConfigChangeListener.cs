using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Server;

/// <summary>
/// Follows the notifications of configuration changes, in their order, each once; in a new session all topics are read anew, since
/// notifications may have come and gone meanwhile. Those older than a quarter of an hour are taken away, as Kafka does.
/// </summary>
internal sealed class ConfigChangeListener(
    Node node, int brokerId, KafkaZnodes znodes, Func<string, LoopTask> topicChanged, Func<LoopTask> brokerChanged, Func<IEnumerable<string>> topics, ILogger log)
{
    private const string TopicPrefix = "topics/";
    private static readonly TimeSpan s_retryPause = TimeSpan.FromSeconds(1);

    private readonly LoopMailbox<bool> _wakeUps = new();
    private string _last = string.Empty;

    /// <summary>Begins to follow, with the notifications that stand there: some may have come after the options were read.</summary>
    public void Start()
    {
        znodes.Session.Subscribe(static () => { }, () => _wakeUps.Send(true));
        node.Spawn(Run());
        _wakeUps.Send(false);
    }

    /// <summary>Ends.</summary>
    public void Stop() => _wakeUps.Close();

    private async LoopTask Run()
    {
        while (true)
        {
            try
            {
                var isNewSession = await _wakeUps.Receive();
                await Follow(isNewSession);
            }
            catch (MailboxClosedException)
            {
                return;
            }
            catch (CoordinationException e)
            {
                log.LogWarning("Changes of configurations are looked for again: {Reason}", e.Message);
                await node.Clock.Delay(s_retryPause);
                _wakeUps.Send(true);
            }
        }
    }

    private async LoopTask Follow(bool isNewSession)
    {
        var paths = await znodes.ConfigChanges(OnChange);
        if (isNewSession)
        {
            foreach (var topic in topics()) await topicChanged(topic);
            await brokerChanged();
        }

        foreach (var path in paths)
        {
            if (string.CompareOrdinal(path, _last) <= 0) continue;
            _last = path;
            if (!isNewSession) await Apply(path);
        }

        await znodes.ForgetOldConfigChanges(paths);
    }

    private void OnChange(WatchEvent seen) => _wakeUps.Send(false);

    private async LoopTask Apply(string path)
    {
        try
        {
            if (await znodes.ConfigChange(path) is not { } entity) return;
            if (entity.StartsWith(TopicPrefix, StringComparison.Ordinal)) await topicChanged(entity[TopicPrefix.Length..]);
            else if (entity == KafkaPaths.ConfigEntity(KafkaPaths.BrokerDefaults) || entity == KafkaPaths.ConfigEntity(KafkaPaths.BrokerConfig(brokerId))) await brokerChanged();
        }
        catch (MalformedZnodeException e)
        {
            log.LogError("A change of a configuration is ignored: {Reason}", e.Message);
        }
    }
}
