using System.Collections.Generic;

namespace Reference.Coordination.Tree;

/// <summary>
/// A change of the store as the log keeps it: its place in the total order, its time and the session it came from. Applying the
/// same transactions in the same order always gives the same store.
/// </summary>
/// <param name="Zxid">Its number; the successor of the one before.</param>
/// <param name="TimeMillis">Wall time, milliseconds since 1970, as the server read it when the request came.</param>
/// <param name="SessionId">The session that asked, or that is opened or closed.</param>
/// <param name="Change">What is to change.</param>
public sealed record Transaction(long Zxid, long TimeMillis, long SessionId, StoreChange Change);

/// <summary>What a transaction does.</summary>
public abstract record StoreChange;

/// <summary>One operation on a znode.</summary>
public sealed record SingleChange(CoordinationOp Op) : StoreChange;

/// <summary>Operations that take effect all or not at all.</summary>
public sealed record MultiChange(IReadOnlyList<CoordinationOp> Ops) : StoreChange;

/// <summary>Opens a session with its negotiated timeout and the password that a reconnect must show.</summary>
public sealed record OpenSessionChange(int TimeoutMillis, byte[] Password) : StoreChange;

/// <summary>Closes a session, on request or because it expired; its ephemeral znodes go.</summary>
public sealed record CloseSessionChange : StoreChange;

/// <summary>What applying a transaction gave. With an error nothing has changed.</summary>
/// <param name="Error">Ok, or the error of the first operation that failed.</param>
/// <param name="Results">Per operation; empty for session changes.</param>
/// <param name="Events">What watches may wait for, in the order of the changes.</param>
public readonly record struct TransactionResult(
    CoordinationError Error, IReadOnlyList<OpResult> Results, IReadOnlyList<WatchEvent> Events);
