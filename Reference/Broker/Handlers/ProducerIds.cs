using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>Gives out producer ids, unique in the cluster, from blocks taken in the coordination store.</summary>
public sealed class ProducerIds(KafkaZnodes znodes, int brokerId)
{
    private readonly LoopLock _taking = new();
    private ProducerIdBlockZnode? _block;
    private long _next;

    /// <summary>An id that nobody has had.</summary>
    public async LoopTask<long> Next()
    {
        await _taking.Acquire();
        try
        {
            if (_block is null || _next > _block.End)
            {
                _block = await znodes.AllocateProducerIds(brokerId);
                _next = _block.Start;
            }

            return _next++;
        }
        finally
        {
            _taking.Release();
        }
    }
}
