namespace tools.RealCluster.Networks;

/// <summary>All on the loopback interface, which knows no faults.</summary>
public sealed class LoopbackNetwork : ClusterNetwork
{
    private const string Loopback = "127.0.0.1";

    /// <inheritdoc/>
    public override string Host => Loopback;

    /// <inheritdoc/>
    public override string HostOf(int broker) => Loopback;
}
