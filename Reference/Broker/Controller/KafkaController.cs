using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>
/// Runs on every broker: takes part in the election of the controller and, when elected, reigns. All its work is done in order
/// from one queue. It also keeps the broker registered when the session to the store has to be renewed.
/// </summary>
public sealed partial class KafkaController
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstBalance = TimeSpan.FromSeconds(5);

    private readonly Node _node;
    private readonly BrokerZnode _broker;
    private readonly KafkaZnodes _znodes;
    private readonly ControllerConfig _config;
    private readonly ControllerDecisions _decisions;
    private readonly ILogger _log;
    private readonly LoopMailbox<(ControllerReign? Reign, ControllerEvent Event)> _queue = new();
    private readonly Action<WatchEvent> _controllerChanged;
    private readonly ControllerWatches _watches;
    private ControllerReign? _reign;
    private bool _expired;
    private bool _stopped;

    /// <summary>A controller that is not yet started.</summary>
    /// <param name="node">The process.</param>
    /// <param name="broker">The registration, used again after a session has expired.</param>
    /// <param name="znodes">The store; its session has been started.</param>
    /// <param name="config">Options.</param>
    /// <param name="decisions">Decisions.</param>
    public KafkaController(Node node, BrokerZnode broker, KafkaZnodes znodes, ControllerConfig config, ControllerDecisions decisions)
    {
        _node = node;
        _broker = broker;
        _znodes = znodes;
        _config = config;
        _decisions = decisions;
        _log = node.Logs.CreateLogger<KafkaController>();
        _watches = new ControllerWatches(item => Post(_reign, item));
        _controllerChanged = e => Post(null, e.Type == WatchEventType.NodeDeleted ? new ControllerEvent.Reelect() : new ControllerEvent.ControllerChange());
    }

    /// <summary>The epoch of the broker's present registration, which control requests must carry (KIP-380).</summary>
    public long BrokerEpoch { get; private set; } = -1;

    /// <summary>True while this broker believes that it is the controller.</summary>
    public bool IsController => _reign is { Term.IsOver: false };

    /// <summary>The controller epoch of the present or last reign of this broker; 0 if it never reigned.</summary>
    public int ControllerEpoch { get; private set; }

    /// <summary>The broker that was controller at the last look, or −1.</summary>
    public int ActiveControllerId { get; private set; } = -1;

    /// <summary>The brokers that may lead, as far as this controller knows; empty if it is none.</summary>
    public IReadOnlyList<int> LiveBrokers => IsController ? [.. _reign!.Context.LiveBrokers] : [];

    /// <summary>The partitions' states as this controller knows them; empty if it is none.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionStateZnode> Leadership =>
        IsController ? _reign!.Context.Leadership : new SortedDictionary<TopicPartition, PartitionStateZnode>();

    /// <summary>Begins to take part in elections; <paramref name="brokerEpoch"/> is that of the registration just made.</summary>
    public void Start(long brokerEpoch)
    {
        BrokerEpoch = brokerEpoch;
        _znodes.Session.Subscribe(OnSessionExpired, () => Post(null, new ControllerEvent.SessionEstablished()));
        Post(null, new ControllerEvent.Startup());
        _node.Spawn(Run());
        if (_config.AutoLeaderRebalance) _node.Clock.Schedule(s_firstBalance, BalanceAndGoOn);
    }

    /// <summary>Resigns and takes part no more; /controller goes with the session, which its owner closes.</summary>
    public void Stop()
    {
        if (_stopped) return;
        _stopped = true;
        Resign();
        while (_queue.TryReceive(out var item)) Refuse(item.Event);
        _queue.Close();
    }

    private bool Post(ControllerReign? reign, ControllerEvent item) => _queue.Send((reign, item));

    private void OnSessionExpired()
    {
        // At once, though an event may be under way: it may read on in the next session, see brokers come and tell them what it
        // knew before. Its writes the guard would refuse; its requests only the end of the reign can stop.
        _expired = true;
        Resign();
        Post(null, new ControllerEvent.SessionExpired());
    }

    private void BalanceAndGoOn()
    {
        if (_stopped) return;
        if (_reign is { } reign) Post(reign, new ReignEvent.PreferredLeaderBalance());
        _node.Clock.Schedule(_config.LeaderImbalanceCheckInterval, BalanceAndGoOn);
    }

    private async LoopTask Run()
    {
        while (!_stopped)
        {
            (ControllerReign? Reign, ControllerEvent Event) item;
            try
            {
                item = await _queue.Receive();
            }
            catch (MailboxClosedException)
            {
                return;
            }

            if (_expired)
            {
                _expired = false;
                Resign();
            }

            await ProcessGuarded(item.Reign, item.Event);
            Refuse(item.Event);
        }
    }

    private async LoopTask ProcessGuarded(ControllerReign? reign, ControllerEvent item)
    {
        try
        {
            await Process(reign, item);
        }
        catch (ControllerMovedException e)
        {
            _log.LogInformation("Resigning: {Reason}", e.Message);
            Resign();
            Post(null, new ControllerEvent.Reelect());
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.SessionExpired)
        {
            _log.LogInformation("{Event} was cut off: {Reason}", item.GetType().Name, e.Message);
        }
        catch (Exception e) when (e is CoordinationException or MalformedZnodeException or BrokerIdTakenException)
        {
            _log.LogError("{Event} failed: {Reason}", item.GetType().Name, e.Message);
            await GiveUpAfterFailure(item);
        }
        catch (Exception e)
        {
            // Every controller to come might meet it with the same event, and the brokers would go down one after the other.
            _log.LogCritical(e, "{Event} failed through a bug in the controller", item.GetType().Name);
            _node.Outlive(e);
            await GiveUpAfterFailure(item);
        }
    }

    private LoopTask Process(ControllerReign? reign, ControllerEvent item) => item switch
    {
        ReignEvent ofReign => reign == _reign && reign is { Term.IsOver: false } ? reign.Process(ofReign) : LoopTask.Completed,
        ControllerEvent.Request request => _reign is { Term.IsOver: false } present ? request.Serve(present) : LoopTask.Completed,
        ControllerEvent.SessionEstablished => RegisterAndElect(),
        ControllerEvent.SessionExpired => LoopTask.Completed,
        _ => WatchAndElect(),
    };

    private async LoopTask RegisterAndElect()
    {
        BrokerEpoch = await _znodes.RegisterBroker(_broker, _znodes.Session.Client.SessionTimeout * 2);
        await WatchAndElect();
    }

    /// <summary>Looks who is the controller; resigns if it is another, and stands for election if it is none.</summary>
    private async LoopTask WatchAndElect()
    {
        await _znodes.WatchController(_controllerChanged);
        var found = await _znodes.Controller();
        ActiveControllerId = found?.Controller.BrokerId ?? -1;
        var mine = found is { } there && there.Stat.EphemeralOwner == _znodes.Session.SessionId;
        if (_reign is not null && mine) return;
        Resign();
        if (mine) await _znodes.AbdicateController(); // of a reign given up: its deletion is another event, and a new election
        else if (found is null) await Elect();
    }

    private async LoopTask Elect()
    {
        ControllerElection election;
        try
        {
            election = await _znodes.RegisterController(_broker.Id);
        }
        catch (ControllerMovedException e)
        {
            _log.LogDebug("Not elected: {Reason}", e.Message);
            return;
        }

        if (_stopped || _expired) return;
        _log.LogInformation("Broker {Broker} is the controller with epoch {Epoch}", _broker.Id, election.Epoch);
        ControllerEpoch = election.Epoch;
        ActiveControllerId = _broker.Id;
        _reign = new ControllerReign(_node, _broker.Id, election, _znodes, _config, _decisions, _log, _watches, (reign, item) => Post(reign, item));
        await _reign.Begin();
    }

    private void Resign()
    {
        if (_reign is not { } reign) return;
        _reign = null;
        reign.End();
        _log.LogInformation("Broker {Broker} has resigned from controller epoch {Epoch}", _broker.Id, reign.Term.Epoch);
    }

    /// <summary>The store's answer was unexpected: this reign's knowledge may be wrong. Gives it up, for a new one to read everything anew.</summary>
    private async LoopTask GiveUpAfterFailure(ControllerEvent item)
    {
        Resign();
        await _node.Clock.Delay(s_pauseAfterFailure);
        Post(null, item is ControllerEvent.SessionEstablished ? item : new ControllerEvent.Reelect());
    }
}
