using System.Collections.Generic;

namespace Simulator.Engine.Histories;

/// <summary>
/// What the clients of a store of keys and values did and saw, with true times. The clients' code writes it down as it goes; checkers
/// read it at the end.
/// </summary>
public sealed class RegisterHistory(SimWorld world)
{
    private readonly List<RegisterOperation> _operations = [];

    /// <summary>All operations in the order of their beginning.</summary>
    public IReadOnlyList<RegisterOperation> Operations => _operations;

    /// <summary>A client is about to write. Values must be unique, so that a read tells whose write it saw.</summary>
    public RegisterOperation BeginPut(string client, string key, string value) => Add(new RegisterOperation(world, client, key, isWrite: true, value));

    /// <summary>A client is about to read.</summary>
    public RegisterOperation BeginGet(string client, string key) => Add(new RegisterOperation(world, client, key, isWrite: false, null));

    private RegisterOperation Add(RegisterOperation operation)
    {
        _operations.Add(operation);
        return operation;
    }
}
