using System;
using Reference.Wire.Schema;

namespace Reference.Wire;

/// <summary>Whole frames: four bytes of size, header, body, in one buffer of the exact size.</summary>
public static class Frames
{
    /// <summary>Bytes of the size prefix.</summary>
    public const int PrefixSize = 4;

    /// <summary>Encodes a request with its size prefix.</summary>
    /// <exception cref="UnsupportedFieldException">A field cannot be expressed in the header's version.</exception>
    public static byte[] EncodeRequest(in RequestHeader header, IApiMessage request)
    {
        var frame = Allocate(header.Size() + request.Size(header.ApiVersion), out var writer);
        header.Write(ref writer);
        request.Write(ref writer, header.ApiVersion);
        return Finish(frame, writer, request);
    }

    /// <summary>Encodes a request of a statically known API with its size prefix.</summary>
    public static byte[] EncodeRequest<TRequest>(TRequest request, short version, int correlationId, string? clientId)
        where TRequest : IApiMessage<TRequest> =>
        EncodeRequest(new RequestHeader(TRequest.Api, version, correlationId, clientId), request);

    /// <summary>Encodes a response with its size prefix.</summary>
    /// <exception cref="UnsupportedFieldException">A field cannot be expressed in the version.</exception>
    public static byte[] EncodeResponse(IApiMessage response, short version, int correlationId)
    {
        var frame = Allocate(ResponseHeader.Size(response.ApiKey, version) + response.Size(version), out var writer);
        ResponseHeader.Write(ref writer, response.ApiKey, version, correlationId);
        response.Write(ref writer, version);
        return Finish(frame, writer, response);
    }

    /// <summary>Reads a response frame (without its size prefix).</summary>
    /// <param name="frame">Header and body.</param>
    /// <param name="version">Version of the request.</param>
    /// <param name="correlationId">Correlation id found.</param>
    /// <exception cref="WireFormatException">The bytes are not such a response.</exception>
    public static TResponse DecodeResponse<TResponse>(ReadOnlyMemory<byte> frame, short version, out int correlationId)
        where TResponse : IApiMessage<TResponse>
    {
        var reader = new WireReader(frame);
        correlationId = ResponseHeader.Read(ref reader, TResponse.Api, version);
        return TResponse.Read(ref reader, version);
    }

    /// <summary>Encodes a body alone.</summary>
    public static byte[] EncodeBody(IWireStruct body, short version)
    {
        var bytes = new byte[body.Size(version)];
        var writer = new WireWriter(bytes);
        body.Write(ref writer, version);
        return Finish(bytes, writer, body);
    }

    private static byte[] Allocate(int size, out WireWriter writer)
    {
        var frame = new byte[PrefixSize + size];
        writer = new WireWriter(frame);
        writer.WriteInt32(size);
        return frame;
    }

    private static byte[] Finish(byte[] frame, WireWriter writer, IWireStruct message) =>
        writer.Position == frame.Length
            ? frame
            : throw new InvalidOperationException($"{message.GetType().Name} computed {frame.Length} bytes but wrote {writer.Position}.");
}
