using System.Collections.Generic;
using Reference.Coordination.Jute;

namespace Reference.Coordination.Tree;

/// <summary>Transactions as the log holds them.</summary>
public static class TransactionCodec
{
    /// <summary>Writes a transaction.</summary>
    public static void Write(JuteWriter writer, Transaction transaction)
    {
        writer.WriteLong(transaction.Zxid);
        writer.WriteLong(transaction.TimeMillis);
        writer.WriteLong(transaction.SessionId);
        switch (transaction.Change)
        {
            case SingleChange single:
                writer.WriteInt((int)OpCodec.CodeOf(single.Op));
                OpCodec.Write(writer, single.Op);
                break;
            case MultiChange multi:
                writer.WriteInt((int)OpCode.Multi);
                MultiCodec.WriteRequest(writer, multi.Ops);
                break;
            case OpenSessionChange open:
                writer.WriteInt((int)OpCode.CreateSession);
                writer.WriteInt(open.TimeoutMillis);
                writer.WriteBuffer(open.Password);
                break;
            case CloseSessionChange:
                writer.WriteInt((int)OpCode.CloseSession);
                break;
        }
    }

    /// <summary>Reads a transaction.</summary>
    /// <exception cref="JuteException">Malformed.</exception>
    public static Transaction Read(ref JuteReader reader)
    {
        var zxid = reader.ReadLong();
        var time = reader.ReadLong();
        var session = reader.ReadLong();
        var code = (OpCode)reader.ReadInt();
        StoreChange change = code switch
        {
            OpCode.CreateSession => new OpenSessionChange(reader.ReadInt(), reader.ReadBytes()),
            OpCode.CloseSession => new CloseSessionChange(),
            OpCode.Multi => new MultiChange(MultiCodec.ReadRequest(ref reader, new List<OpCode>(), out _, out _)),
            _ => new SingleChange(OpCodec.Read(ref reader, code, out _)),
        };
        return new Transaction(zxid, time, session, change);
    }
}
