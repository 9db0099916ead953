namespace Reference.Wire;

/// <summary>The header before every response body: a correlation id, and tagged fields in header version 1.</summary>
public static class ResponseHeader
{
    /// <summary>Reads the header and returns the correlation id.</summary>
    /// <exception cref="WireFormatException">The bytes are not a header.</exception>
    public static int Read(ref WireReader reader, ApiKey api, short version)
    {
        var correlation = reader.ReadInt32();
        if (SupportedApis.ResponseHeaderVersion(api, version) >= 1)
            reader.SkipTaggedFields();
        return correlation;
    }

    /// <summary>Bytes of the header.</summary>
    public static int Size(ApiKey api, short version) => 4 + SupportedApis.ResponseHeaderVersion(api, version);

    /// <summary>Writes the header.</summary>
    public static void Write(ref WireWriter writer, ApiKey api, short version, int correlationId)
    {
        writer.WriteInt32(correlationId);
        if (SupportedApis.ResponseHeaderVersion(api, version) >= 1)
            writer.WriteUnsignedVarint(0);
    }
}
