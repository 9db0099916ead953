namespace Reference.Coordination.Jute;

/// <summary>The bodies of the requests that change the store, alone or inside a multi.</summary>
public static class OpCodec
{
    /// <summary>The request type of a change; a create asks for its stat only in <paramref name="withStat"/>.</summary>
    public static OpCode CodeOf(CoordinationOp op, bool withStat = false) => op switch
    {
        CreateOp => withStat ? OpCode.Create2 : OpCode.Create,
        DeleteOp => OpCode.Delete,
        SetDataOp => OpCode.SetData,
        CheckOp => OpCode.Check,
        SetAclOp => OpCode.SetAcl,
        _ => throw new System.InvalidOperationException($"{op.GetType().Name} is no request of the protocol."),
    };

    /// <summary>Writes the body.</summary>
    public static void Write(JuteWriter writer, CoordinationOp op)
    {
        writer.WriteString(op.Path);
        switch (op)
        {
            case CreateOp create:
                writer.WriteBuffer(create.Data);
                Records.WriteOpenAcl(writer);
                writer.WriteInt((int)create.Mode);
                break;
            case DeleteOp delete:
                writer.WriteInt(delete.ExpectedVersion);
                break;
            case SetDataOp set:
                writer.WriteBuffer(set.Data);
                writer.WriteInt(set.ExpectedVersion);
                break;
            case CheckOp check:
                writer.WriteInt(check.ExpectedVersion);
                break;
            case SetAclOp acl:
                Records.WriteOpenAcl(writer);
                writer.WriteInt(acl.ExpectedVersion);
                break;
        }
    }

    /// <summary>Reads the body of a change; an access control list or mode this store does not keep comes out as the error.</summary>
    /// <exception cref="JuteException">Malformed, or no change.</exception>
    public static CoordinationOp Read(ref JuteReader reader, OpCode code, out CoordinationError error)
    {
        error = CoordinationError.Ok;
        var path = reader.ReadString();
        switch (code)
        {
            case OpCode.Create or OpCode.Create2:
                var data = reader.ReadBytes();
                if (!Records.ReadIsOpenAcl(ref reader)) error = CoordinationError.InvalidAcl;
                var mode = (CreateMode)reader.ReadInt();
                if (!mode.IsKnown()) error = CoordinationError.Unimplemented;
                return new CreateOp(path, data, mode);
            case OpCode.Delete:
                return new DeleteOp(path, reader.ReadInt());
            case OpCode.SetData:
                return new SetDataOp(path, reader.ReadBytes(), reader.ReadInt());
            case OpCode.Check:
                return new CheckOp(path, reader.ReadInt());
            case OpCode.SetAcl:
                if (!Records.ReadIsOpenAcl(ref reader)) error = CoordinationError.InvalidAcl;
                return new SetAclOp(path, reader.ReadInt());
            default:
                throw new JuteException($"Request type {(int)code} changes nothing.");
        }
    }
}
