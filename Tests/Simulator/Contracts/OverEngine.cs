namespace Tests.Simulator.Contracts;

public sealed class ClockContractOverEngine() : ClockContract(new EngineContractWorld());

public sealed class ListenerContractOverEngine() : ListenerContract(new EngineContractWorld());

public sealed class ConnectionContractOverEngine() : ConnectionContract(new EngineContractWorld());

public sealed class ClosingContractOverEngine() : ClosingContract(new EngineContractWorld());

public sealed class FileContractOverEngine() : FileContract(new EngineContractWorld());

public sealed class DiskContractOverEngine() : DiskContract(new EngineContractWorld());

public sealed class LoopContractOverEngine() : LoopContract(new EngineContractWorld());
