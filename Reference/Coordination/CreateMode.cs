namespace Reference.Coordination;

/// <summary>The life and name of a new znode; the numbers are the protocol's flags.</summary>
public enum CreateMode
{
    /// <summary>Stays until deleted.</summary>
    Persistent = 0,

    /// <summary>Goes with the session that made it.</summary>
    Ephemeral = 1,

    /// <summary>Persistent; the parent's counter, ten digits, is appended to the name.</summary>
    PersistentSequential = 2,

    /// <summary>Ephemeral; the parent's counter, ten digits, is appended to the name.</summary>
    EphemeralSequential = 3,
}

/// <summary>Questions about a <see cref="CreateMode"/>.</summary>
public static class CreateModes
{
    /// <summary>True for the two that go with their session.</summary>
    public static bool IsEphemeral(this CreateMode mode) => mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;

    /// <summary>True for the two that get a number.</summary>
    public static bool IsSequential(this CreateMode mode) => mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential;

    /// <summary>True for the four modes of this store.</summary>
    public static bool IsKnown(this CreateMode mode) => mode is >= CreateMode.Persistent and <= CreateMode.EphemeralSequential;
}
