using System;
using System.Linq;
using Reference.Broker.Storage;
using Simulator.Engine.Disk;

namespace Scenarios.Cluster;

/// <summary>
/// The junk that was put on a broker's disk and that has not yet kept it from starting. It may do so at any start until one has served: one
/// that ends before the marker of the orderly stop is gone for good leaves it to the next. But only once: the operator then does what the
/// refusal says.
/// </summary>
public sealed class JunkAccount(SimDisk disk)
{
    private int _settled;

    /// <summary>True if what keeps a broker from starting is a file with junk that is not settled.</summary>
    public bool Explains(Exception? error) =>
        error is CorruptLogException { Path: var path } && disk.Litterings.Skip(_settled).Contains(path, StringComparer.Ordinal);

    /// <summary>Whatever junk there has been explains nothing any more: a start has served, or was refused for it.</summary>
    public void Settle() => _settled = disk.Litterings.Count;
}
