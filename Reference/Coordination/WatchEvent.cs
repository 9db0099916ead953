namespace Reference.Coordination;

/// <summary>What happened to a watched znode; the numbers are the protocol's.</summary>
public enum WatchEventType
{
    /// <summary>It was created.</summary>
    NodeCreated = 1,

    /// <summary>It was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>Its data were set.</summary>
    NodeDataChanged = 3,

    /// <summary>A child was created or deleted.</summary>
    NodeChildrenChanged = 4,
}

/// <summary>A watch fired. It fires once; what was seen before it is older than the change.</summary>
public readonly record struct WatchEvent(WatchEventType Type, string Path);
