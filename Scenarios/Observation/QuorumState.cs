using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Scenarios.Observation;

/// <summary>What the coordination store says of a partition: /brokers/topics/T/partitions/P/state, decoded here apart from the broker's own code.</summary>
/// <param name="Leader">Broker id, or -1 for none.</param>
/// <param name="LeaderEpoch">Its epoch.</param>
/// <param name="Isr">The in-sync replicas.</param>
/// <param name="ControllerEpoch">Epoch of the controller that wrote it last.</param>
/// <param name="Version">Version of the znode.</param>
public sealed record QuorumState(int Leader, int LeaderEpoch, IReadOnlyList<int> Isr, int ControllerEpoch, int Version)
{
    /// <summary>Decodes the znode's JSON.</summary>
    public static QuorumState Parse(byte[] json, int version)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new QuorumState(
            root.GetProperty("leader").GetInt32(),
            root.GetProperty("leader_epoch").GetInt32(),
            root.GetProperty("isr").EnumerateArray().Select(e => e.GetInt32()).ToArray(),
            root.GetProperty("controller_epoch").GetInt32(),
            version);
    }

    /// <inheritdoc/>
    public override string ToString() => $"leader {Leader} epoch {LeaderEpoch} ISR [{string.Join(",", Isr)}] version {Version}";
}
