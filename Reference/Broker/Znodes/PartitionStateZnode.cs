using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Reference.Broker.Znodes;

/// <summary>A partition's leader, its epoch and the in-sync replicas, with the controller epoch that last set them.</summary>
/// <param name="Leader">Broker id, or <see cref="NoLeader"/>.</param>
/// <param name="LeaderEpoch">Grows by one with each change the controller makes.</param>
/// <param name="Isr">Broker ids of the in-sync replicas.</param>
/// <param name="ControllerEpoch">Epoch of the controller that last elected.</param>
/// <param name="ZkVersion">The znode's version; not part of the JSON. −1 before the znode exists.</param>
public sealed record PartitionStateZnode(int Leader, int LeaderEpoch, IReadOnlyList<int> Isr, int ControllerEpoch, int ZkVersion = -1)
{
    /// <summary>
    /// By broker id, the epoch of the registration in which a member of the ISR was found in sync; members of which it is not known are
    /// left out. A member that is registered with a later one has restarted since, and may have lost what it had (KIP-903). The field is
    /// our own; Kafka skips it, and drops it when it writes.
    /// </summary>
    public IReadOnlyDictionary<int, long> IsrEpochs { get; init; } = ReadOnlyDictionary<int, long>.Empty;

    /// <summary>Nobody leads.</summary>
    public const int NoLeader = -1;

    /// <summary>Leader in UpdateMetadata of a partition whose topic is being deleted.</summary>
    public const int LeaderDuringDelete = -2;

    /// <summary>Leader epoch in StopReplica of a partition whose topic is being deleted (KIP-570).</summary>
    public const int EpochDuringDelete = -2;

    /// <summary>Leader epoch in StopReplica of a partition that never had a leader.</summary>
    public const int NoEpoch = -1;

    /// <summary>The leader epoch of a new partition.</summary>
    public const int InitialLeaderEpoch = 0;

    /// <summary>The epoch of a member's registration as the ISR has it; -1 if it is not known.</summary>
    public long EpochOf(int member) => Isr.Contains(member) ? IsrEpochs.GetValueOrDefault(member, -1) : -1;

    /// <summary>The epochs of an ISR's members, those left out of which none is known.</summary>
    /// <param name="isr">The ISR.</param>
    /// <param name="epochOf">A member's epoch; -1 if it is not known.</param>
    public static SortedDictionary<int, long> KnownEpochs(IReadOnlyList<int> isr, Func<int, long> epochOf)
    {
        var epochs = new SortedDictionary<int, long>();
        foreach (var member in isr)
        {
            if (epochOf(member) is >= 0 and var epoch) epochs[member] = epoch;
        }

        return epochs;
    }

    /// <summary>Kafka's JSON, with the epochs of the ISR if any is known.</summary>
    public byte[] Encode() => ZnodeJson.Write(w =>
    {
        w.WriteNumber("controller_epoch", ControllerEpoch);
        w.WriteNumber("leader", Leader);
        w.WriteNumber("version", 1);
        w.WriteNumber("leader_epoch", LeaderEpoch);
        ZnodeJson.WriteInts(w, "isr", Isr);
        if (Isr.Any(IsrEpochs.ContainsKey)) ZnodeJson.WriteLongsByNumber(w, "isr_epochs", Isr.Where(IsrEpochs.ContainsKey).Select(member => (member, IsrEpochs[member])));
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static PartitionStateZnode Decode(TopicPartition partition, ReadOnlyMemory<byte> data, int zkVersion) => ZnodeJson.Read(
        KafkaPaths.PartitionState(partition),
        data,
        e => new PartitionStateZnode(
            ZnodeJson.Int(e, "leader"),
            ZnodeJson.Int(e, "leader_epoch"),
            ZnodeJson.Ints(ZnodeJson.Field(e, "isr")),
            ZnodeJson.Int(e, "controller_epoch"),
            zkVersion)
        {
            IsrEpochs = ZnodeJson.LongsByNumber(e, "isr_epochs"),
        });

    /// <summary>Equal by content; the ISR in the same order.</summary>
    public bool Equals(PartitionStateZnode? other) => other is not null && SaysTheSameAs(other) && ZkVersion == other.ZkVersion;

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((((Leader * 31) + LeaderEpoch) * 31 + ControllerEpoch) * 31 + ZkVersion);

    /// <summary>True if both have the same JSON.</summary>
    public bool SaysTheSameAs(PartitionStateZnode other) =>
        Leader == other.Leader && LeaderEpoch == other.LeaderEpoch && ControllerEpoch == other.ControllerEpoch && Isr.SequenceEqual(other.Isr)
        && Isr.All(member => EpochOf(member) == other.EpochOf(member));

    /// <inheritdoc/>
    public override string ToString() =>
        $"leader {Leader} epoch {LeaderEpoch} isr [{string.Join(',', Isr)}] controller epoch {ControllerEpoch} version {ZkVersion}";
}
