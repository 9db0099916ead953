using System;
using System.Collections.Generic;

namespace Simulator.Engine.Timelines;

/// <summary>
/// The messages of a run in bounded memory. The newest half of the capacity is always exact; once it is full, of the older ones one
/// of so many stays and stands for the others, so that sums over weights stay right and what led to the end is complete.
/// </summary>
/// <param name="capacity">Messages kept at most.</param>
internal sealed class MessageLog(int capacity)
{
    private readonly List<TimelineMessage> _kept = [];
    private int _stride = 1;

    /// <summary>Number of messages that have been added.</summary>
    public long Seen { get; private set; }

    /// <summary>For how many an older message stands at most; 1 while all are kept.</summary>
    public int Stride => _stride;

    /// <summary>The messages kept, in the order of their ends.</summary>
    public IReadOnlyList<TimelineMessage> Kept => _kept;

    public void Add(in TimelineMessage message)
    {
        Seen++;
        if (_kept.Count >= capacity) Thin();
        _kept.Add(message);
    }

    // A pass may find little to drop where all has this stride already; then the next stride has much.
    private void Thin()
    {
        var exact = capacity / 2;
        while (_kept.Count > capacity - (exact / 2))
        {
            _stride *= 2;
            var older = _kept.Count - exact;
            var to = 0;
            var weight = 0;
            for (var i = 0; i < older; i++)
            {
                weight += _kept[i].Weight;
                if (weight < _stride) continue;
                _kept[to++] = _kept[i] with { Weight = weight };
                weight = 0;
            }

            if (weight > 0) _kept[to++] = _kept[older - 1] with { Weight = weight };
            _kept.RemoveRange(to, older - to);
        }
    }
}
