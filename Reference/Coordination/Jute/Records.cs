using System.Collections.Generic;

namespace Reference.Coordination.Jute;

/// <summary>The records that stand inside requests and replies.</summary>
public static class Records
{
    private const int KeeperStateSyncConnected = 3;
    private const int AllPermissions = 31;
    private const string WorldScheme = "world";
    private const string AnyoneId = "anyone";

    public static void WriteStat(JuteWriter writer, ZnodeStat stat)
    {
        writer.WriteLong(stat.Czxid);
        writer.WriteLong(stat.Mzxid);
        writer.WriteLong(stat.Ctime);
        writer.WriteLong(stat.Mtime);
        writer.WriteInt(stat.Version);
        writer.WriteInt(stat.Cversion);
        writer.WriteInt(stat.Aversion);
        writer.WriteLong(stat.EphemeralOwner);
        writer.WriteInt(stat.DataLength);
        writer.WriteInt(stat.NumChildren);
        writer.WriteLong(stat.Pzxid);
    }

    public static ZnodeStat ReadStat(ref JuteReader reader) => new(
        reader.ReadLong(),
        reader.ReadLong(),
        reader.ReadLong(),
        reader.ReadLong(),
        reader.ReadInt(),
        reader.ReadInt(),
        reader.ReadInt(),
        reader.ReadLong(),
        reader.ReadInt(),
        reader.ReadInt(),
        reader.ReadLong());

    /// <summary>The access control list that lets everyone do everything: the only one this store keeps.</summary>
    public static void WriteOpenAcl(JuteWriter writer)
    {
        writer.WriteInt(1);
        writer.WriteInt(AllPermissions);
        writer.WriteString(WorldScheme);
        writer.WriteString(AnyoneId);
    }

    /// <summary>Reads an access control list; true if it is the open one.</summary>
    public static bool ReadIsOpenAcl(ref JuteReader reader)
    {
        var count = reader.ReadCount(3 * sizeof(int));
        var open = count > 0;
        for (var i = 0; i < count; i++)
        {
            var permissions = reader.ReadInt();
            var scheme = reader.ReadString();
            var id = reader.ReadString();
            open &= permissions == AllPermissions && scheme == WorldScheme && id == AnyoneId;
        }

        return open;
    }

    public static void WriteWatchEvent(JuteWriter writer, WatchEvent watchEvent)
    {
        writer.WriteInt((int)watchEvent.Type);
        writer.WriteInt(KeeperStateSyncConnected);
        writer.WriteString(watchEvent.Path);
    }

    public static WatchEvent ReadWatchEvent(ref JuteReader reader)
    {
        var type = (WatchEventType)reader.ReadInt();
        reader.ReadInt(); // the keeper state, which the connection itself tells
        return new WatchEvent(type, reader.ReadString());
    }
}

/// <summary>The watches a client sets again on a new connection, and the last transaction it has seen.</summary>
public sealed record SetWatchesRequest(
    long RelativeZxid, IReadOnlyCollection<string> Data, IReadOnlyCollection<string> Exist, IReadOnlyCollection<string> Child)
{
    public static SetWatchesRequest Read(ref JuteReader reader) =>
        new(reader.ReadLong(), reader.ReadStrings(), reader.ReadStrings(), reader.ReadStrings());

    public void Write(JuteWriter writer)
    {
        writer.WriteLong(RelativeZxid);
        writer.WriteStrings(Data);
        writer.WriteStrings(Exist);
        writer.WriteStrings(Child);
    }
}
