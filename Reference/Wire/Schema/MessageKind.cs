namespace Reference.Wire.Schema;

/// <summary>Direction of a message.</summary>
public enum MessageKind
{
    /// <summary>From client (or controller) to broker.</summary>
    Request,

    /// <summary>The answer.</summary>
    Response,
}
