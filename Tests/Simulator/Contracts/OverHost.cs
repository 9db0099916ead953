namespace Tests.Simulator.Contracts;

public sealed class ClockContractOverHost() : ClockContract(new HostContractWorld());

public sealed class ListenerContractOverHost() : ListenerContract(new HostContractWorld());

public sealed class ConnectionContractOverHost() : ConnectionContract(new HostContractWorld());

public sealed class ClosingContractOverHost() : ClosingContract(new HostContractWorld());

public sealed class FileContractOverHost() : FileContract(new HostContractWorld());

public sealed class DiskContractOverHost() : DiskContract(new HostContractWorld());

public sealed class LoopContractOverHost() : LoopContract(new HostContractWorld());
