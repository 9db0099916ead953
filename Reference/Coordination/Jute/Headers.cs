namespace Reference.Coordination.Jute;

/// <summary>In front of every request.</summary>
public readonly record struct RequestHeader(int Xid, OpCode Type)
{
    public static RequestHeader Read(ref JuteReader reader) => new(reader.ReadInt(), (OpCode)reader.ReadInt());

    public void Write(JuteWriter writer)
    {
        writer.WriteInt(Xid);
        writer.WriteInt((int)Type);
    }
}

/// <summary>In front of every reply and event: which request, the last transaction the server had applied, and the result code.</summary>
public readonly record struct ReplyHeader(int Xid, long Zxid, CoordinationError Error)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Bytes = 16;

    public static ReplyHeader Read(ref JuteReader reader) => new(reader.ReadInt(), reader.ReadLong(), (CoordinationError)reader.ReadInt());

    public void Write(JuteWriter writer)
    {
        writer.WriteInt(Xid);
        writer.WriteLong(Zxid);
        writer.WriteInt((int)Error);
    }
}
