using System;
using Reference.Rpc;

namespace Reference.Coordination.Jute;

/// <summary>The first frame of a connection: a new session (id 0) or one to go on with.</summary>
public sealed record ConnectRequest(long LastZxidSeen, int TimeoutMillis, long SessionId, byte[] Password, bool? ReadOnly)
{
    /// <summary>Reads the frame. Clients before 3.4 leave the last field out.</summary>
    /// <exception cref="JuteException">Malformed.</exception>
    public static ConnectRequest Read(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var protocolVersion = reader.ReadInt();
        if (protocolVersion != 0) throw new JuteException($"The client speaks protocol version {protocolVersion}; this server speaks 0.");
        return new ConnectRequest(
            reader.ReadLong(), reader.ReadInt(), reader.ReadLong(), reader.ReadBytes(), reader.Remaining > 0 ? reader.ReadBool() : null);
    }

    /// <summary>The frame to send.</summary>
    public OutgoingFrame ToFrame()
    {
        var writer = JuteWriter.ForFrame();
        writer.WriteInt(0);
        writer.WriteLong(LastZxidSeen);
        writer.WriteInt(TimeoutMillis);
        writer.WriteLong(SessionId);
        writer.WriteBuffer(Password);
        if (ReadOnly is { } readOnly) writer.WriteBool(readOnly);
        return writer.ToFrame();
    }
}

/// <summary>The server's answer: the session with its negotiated timeout; a timeout of 0 says that the session has expired.</summary>
public sealed record ConnectResponse(int TimeoutMillis, long SessionId, byte[] Password, bool? ReadOnly)
{
    /// <summary>Bytes of a session's password.</summary>
    public const int PasswordBytes = 16;

    /// <summary>"No such session."</summary>
    public static ConnectResponse Expired(bool? readOnly) => new(0, 0, new byte[PasswordBytes], readOnly);

    /// <summary>Reads the frame.</summary>
    /// <exception cref="JuteException">Malformed.</exception>
    public static ConnectResponse Read(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        reader.ReadInt();
        return new ConnectResponse(reader.ReadInt(), reader.ReadLong(), reader.ReadBytes(), reader.Remaining > 0 ? reader.ReadBool() : null);
    }

    /// <summary>The frame to send.</summary>
    public OutgoingFrame ToFrame()
    {
        var writer = JuteWriter.ForFrame();
        writer.WriteInt(0);
        writer.WriteInt(TimeoutMillis);
        writer.WriteLong(SessionId);
        writer.WriteBuffer(Password);
        if (ReadOnly is { } readOnly) writer.WriteBool(readOnly);
        return writer.ToFrame();
    }
}
