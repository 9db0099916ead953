using System.Collections.Generic;

namespace Simulator.Engine.Timelines;

/// <summary>
/// The messages of a run in bounded memory. The newest half of the capacity is always exact; once it is full, of the older ones one
/// of so many stays and stands for the others, so that sums over weights stay right and what led to the end is complete.
/// </summary>
/// <param name="capacity">Messages kept at most, 16 or more.</param>
internal sealed class MessageLog(int capacity)
{
    private readonly List<TimelineMessage> _kept = [];
    private int _stride = 1;

    /// <summary>Number of messages that have been added.</summary>
    public long Seen { get; private set; }

    /// <summary>For about how many an older message stands; 1 while all are kept.</summary>
    public int Stride => _stride;

    /// <summary>The messages kept, in the order of their ends.</summary>
    public IReadOnlyList<TimelineMessage> Kept => _kept;

    public void Add(in TimelineMessage message)
    {
        Seen++;
        if (_kept.Count >= capacity) Thin();
        _kept.Add(message);
    }

    // A pass thins to the present stride what came since the last one; only when that frees little does the stride grow.
    private void Thin()
    {
        var exact = capacity / 2;
        if (_stride == 1) _stride = 2;
        Pass(exact);
        while (_kept.Count > capacity - (exact / 4))
        {
            _stride *= 2;
            Pass(exact);
        }
    }

    private void Pass(int exact)
    {
        var older = _kept.Count - exact;
        var to = 0;
        var weight = 0;
        for (var i = 0; i < older; i++)
        {
            weight += _kept[i].Weight;
            if (weight < _stride && i + 1 < older) continue;
            _kept[to++] = _kept[i] with { Weight = weight };
            weight = 0;
        }

        _kept.RemoveRange(to, older - to);
    }
}
