using System;
using System.Collections.Generic;
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

    /// <summary>Kafka's JSON.</summary>
    public byte[] Encode() => ZnodeJson.Write(w =>
    {
        w.WriteNumber("controller_epoch", ControllerEpoch);
        w.WriteNumber("leader", Leader);
        w.WriteNumber("version", 1);
        w.WriteNumber("leader_epoch", LeaderEpoch);
        ZnodeJson.WriteInts(w, "isr", Isr);
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
            zkVersion));

    /// <summary>Equal by content; the ISR in the same order.</summary>
    public bool Equals(PartitionStateZnode? other) => other is not null && SaysTheSameAs(other) && ZkVersion == other.ZkVersion;

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((((Leader * 31) + LeaderEpoch) * 31 + ControllerEpoch) * 31 + ZkVersion);

    /// <summary>True if both have the same JSON.</summary>
    public bool SaysTheSameAs(PartitionStateZnode other) =>
        Leader == other.Leader && LeaderEpoch == other.LeaderEpoch && ControllerEpoch == other.ControllerEpoch && Isr.SequenceEqual(other.Isr);

    /// <inheritdoc/>
    public override string ToString() =>
        $"leader {Leader} epoch {LeaderEpoch} isr [{string.Join(',', Isr)}] controller epoch {ControllerEpoch} version {ZkVersion}";
}
