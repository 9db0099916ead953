using System.Collections.Generic;

namespace Reference.Coordination.Jute;

/// <summary>
/// The list inside a multi's request and reply: each element behind (type, done, error), the end marked by (−1, true, −1).
/// </summary>
public static class MultiCodec
{
    /// <summary>Writes the request's body.</summary>
    public static void WriteRequest(JuteWriter writer, IReadOnlyList<CoordinationOp> ops)
    {
        foreach (var op in ops)
        {
            WriteHeader(writer, OpCodec.CodeOf(op), done: false, error: -1);
            OpCodec.Write(writer, op);
        }

        WriteEnd(writer);
    }

    /// <summary>Reads the request's body; an element this store refuses outright comes out as the error with its index.</summary>
    /// <exception cref="JuteException">Malformed.</exception>
    public static List<CoordinationOp> ReadRequest(ref JuteReader reader, List<OpCode> codes, out CoordinationError error, out int failed)
    {
        error = CoordinationError.Ok;
        failed = -1;
        var ops = new List<CoordinationOp>();
        while (true)
        {
            var (code, done, _) = ReadHeader(ref reader);
            if (done) return ops;
            ops.Add(OpCodec.Read(ref reader, code, out var refused));
            codes.Add(code);
            if (refused == CoordinationError.Ok || failed >= 0) continue;
            error = refused;
            failed = ops.Count - 1;
        }
    }

    /// <summary>Writes the reply's body: all results, or for a failed multi an error per operation.</summary>
    public static void WriteResponse(JuteWriter writer, IReadOnlyList<OpCode> codes, IReadOnlyList<OpResult> results, bool failed)
    {
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            if (failed)
            {
                WriteHeader(writer, OpCode.Error, done: false, (int)result.Error);
                writer.WriteInt((int)result.Error);
                continue;
            }

            WriteHeader(writer, codes[i], done: false, error: 0);
            if (codes[i] is OpCode.Create or OpCode.Create2) writer.WriteString(result.Path!);
            if (codes[i] is OpCode.Create2 or OpCode.SetData) Records.WriteStat(writer, result.Stat!.Value);
        }

        WriteEnd(writer);
    }

    /// <summary>Reads the reply's body: as many results as there were operations.</summary>
    /// <exception cref="JuteException">Malformed.</exception>
    public static List<OpResult> ReadResponse(ref JuteReader reader, int operations)
    {
        var results = new List<OpResult>();
        while (true)
        {
            var (code, done, _) = ReadHeader(ref reader);
            if (done) return results.Count == operations ? results : throw new JuteException($"A multi of {operations} operations got {results.Count} results.");
            results.Add(code switch
            {
                OpCode.Error => new OpResult((CoordinationError)reader.ReadInt()),
                OpCode.Create => new OpResult(CoordinationError.Ok, reader.ReadString()),
                OpCode.Create2 => new OpResult(CoordinationError.Ok, reader.ReadString(), Records.ReadStat(ref reader)),
                OpCode.SetData => new OpResult(CoordinationError.Ok, null, Records.ReadStat(ref reader)),
                OpCode.Delete or OpCode.Check => new OpResult(CoordinationError.Ok),
                _ => throw new JuteException($"A multi's reply holds a result of type {(int)code}."),
            });
        }
    }

    private static void WriteHeader(JuteWriter writer, OpCode code, bool done, int error)
    {
        writer.WriteInt((int)code);
        writer.WriteBool(done);
        writer.WriteInt(error);
    }

    private static void WriteEnd(JuteWriter writer) => WriteHeader(writer, OpCode.Error, done: true, error: -1);

    private static (OpCode Code, bool Done, int Error) ReadHeader(ref JuteReader reader) =>
        ((OpCode)reader.ReadInt(), reader.ReadBool(), reader.ReadInt());
}
