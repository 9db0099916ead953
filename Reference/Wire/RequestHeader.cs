namespace Reference.Wire;

/// <summary>The header before every request body.</summary>
/// <param name="ApiKey">API; may be a number outside the enum.</param>
/// <param name="ApiVersion">Version of the body.</param>
/// <param name="CorrelationId">Repeated by the response.</param>
/// <param name="ClientId">Name the client gave itself; absent in header version 0.</param>
public readonly record struct RequestHeader(ApiKey ApiKey, short ApiVersion, int CorrelationId, string? ClientId)
{
    /// <summary>Bytes of the fixed part: key, version, correlation id.</summary>
    private const int FixedSize = 8;

    /// <summary>Header version that this API and version travel with.</summary>
    public short HeaderVersion => SupportedApis.RequestHeaderVersion(ApiKey, ApiVersion);

    /// <summary>Reads a header; works for unknown APIs and versions, which the caller then refuses.</summary>
    /// <exception cref="WireFormatException">The bytes are not a header.</exception>
    public static RequestHeader Read(ref WireReader reader)
    {
        var key = (ApiKey)reader.ReadInt16();
        var version = reader.ReadInt16();
        var correlation = reader.ReadInt32();
        var headerVersion = SupportedApis.RequestHeaderVersion(key, version);

        // The client id keeps its two-byte length in every header version, so that old brokers can read it.
        var client = headerVersion >= 1 ? reader.ReadNullableString(false, true, "RequestHeader.ClientId") : null;
        if (headerVersion >= 2)
            reader.SkipTaggedFields();
        return new RequestHeader(key, version, correlation, client);
    }

    /// <summary>Bytes that <see cref="Write"/> produces.</summary>
    public int Size() => HeaderVersion switch
    {
        0 => FixedSize,
        1 => FixedSize + WireSize.String(ClientId, false),
        _ => FixedSize + WireSize.String(ClientId, false) + 1,
    };

    /// <summary>Writes the header.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteInt16((short)ApiKey);
        writer.WriteInt16(ApiVersion);
        writer.WriteInt32(CorrelationId);
        if (HeaderVersion >= 1)
            writer.WriteNullableString(ClientId, false, true, "RequestHeader.ClientId");
        if (HeaderVersion >= 2)
            writer.WriteUnsignedVarint(0);
    }
}
