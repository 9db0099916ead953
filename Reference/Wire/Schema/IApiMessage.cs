namespace Reference.Wire.Schema;

/// <summary>A whole request or response.</summary>
public interface IApiMessage : IWireStruct
{
    /// <summary>API of the message.</summary>
    ApiKey ApiKey { get; }

    /// <summary>Request or response.</summary>
    MessageKind Kind { get; }
}

/// <summary>A whole request or response with the static side of its type.</summary>
/// <typeparam name="TSelf">The message itself.</typeparam>
public interface IApiMessage<TSelf> : IApiMessage
    where TSelf : IApiMessage<TSelf>
{
    /// <summary>API of the message.</summary>
    static abstract ApiKey Api { get; }

    /// <summary>Versions that can be read and written.</summary>
    static abstract VersionRange Versions { get; }

    /// <summary>Versions with compact lengths and tagged fields.</summary>
    static abstract VersionRange FlexibleVersions { get; }

    /// <summary>Reads a message body. Byte fields borrow from the reader's buffer.</summary>
    /// <param name="reader">Bytes after the header.</param>
    /// <param name="version">API version.</param>
    /// <exception cref="WireFormatException">The bytes are not such a message.</exception>
    /// <exception cref="UnsupportedVersionException">The version is not declared.</exception>
    static abstract TSelf Read(ref WireReader reader, short version);
}

/// <summary>A request, which names the type of its answer.</summary>
/// <typeparam name="TSelf">The request itself.</typeparam>
/// <typeparam name="TResponse">Its answer.</typeparam>
public interface IRequest<TSelf, TResponse> : IApiMessage<TSelf>
    where TSelf : IRequest<TSelf, TResponse>
    where TResponse : IResponse<TResponse>;

/// <summary>A response.</summary>
/// <typeparam name="TSelf">The response itself.</typeparam>
public interface IResponse<TSelf> : IApiMessage<TSelf>
    where TSelf : IResponse<TSelf>;
