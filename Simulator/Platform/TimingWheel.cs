using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Simulator.Platform;

/// <summary>
/// A hierarchical timing wheel with a tick of one microsecond: insert and cancel in O(1), next event in
/// amortised O(1), first in first out among events of the same instant.
/// </summary>
/// <remarks>
/// Level <c>k</c> has 64 slots of 64^k microseconds. An event stands in the lowest level at which its due
/// time and the present differ, so entering a slot of level k cascades it into lower levels exactly once and
/// in order, which is what keeps ties FIFO. After Varghese and Lauck, "Hashed and Hierarchical Timing Wheels".
/// </remarks>
public sealed class TimingWheel
{
    private const int BitsPerLevel = 6;
    private const int SlotsPerLevel = 1 << BitsPerLevel;
    private const int SlotMask = SlotsPerLevel - 1;
    private const int Levels = 11; // 66 bits: every non-negative long

    private readonly Slot[] _slots = new Slot[SlotsPerLevel * Levels];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _now;

    /// <summary>The wheel's present in microseconds: the due time of the last event it gave out, or an instant before the next.</summary>
    public long NowMicros => _now;

    /// <summary>Number of scheduled events.</summary>
    public int Count { get; private set; }

    /// <summary>Sees each event that is scheduled; null, as it should be, costs a comparison.</summary>
    public Action<LoopEvent>? Added { get; set; }

    /// <summary>Schedules an event; a due time in the past means "now".</summary>
    /// <exception cref="InvalidOperationException">The event is scheduled already.</exception>
    public void Add(LoopEvent item, long dueMicros)
    {
        if (item.IsScheduled) throw new InvalidOperationException("The event is scheduled already; cancel it first.");
        item.DueMicros = Math.Max(dueMicros, _now);
        Count++;
        Link(item);
        Added?.Invoke(item);
    }

    /// <summary>Takes an event out; does nothing if it is not scheduled.</summary>
    public void Remove(LoopEvent item)
    {
        var index = item.Slot;
        if (index == LoopEvent.NotScheduled) return;
        item.Slot = LoopEvent.NotScheduled;
        Count--;
        ref var slot = ref _slots[index];
        var previous = item.Previous;
        var next = item.Next;
        if (previous is null) slot.Head = next; else previous.Next = next;
        if (next is null) slot.Tail = previous; else next.Previous = previous;
        if (slot.Head is null) _occupied[index >> BitsPerLevel] &= ~(1UL << (index & SlotMask));
        item.Next = item.Previous = null;
    }

    /// <summary>Gives the next event due at or before <paramref name="limitMicros"/>, in order of (due time, insertion), or null.</summary>
    public LoopEvent? TakeNext(long limitMicros)
    {
        while (true)
        {
            var current = _occupied[0] & (~0UL << (int)(_now & SlotMask));
            if (current != 0)
            {
                var due = (_now & ~(long)SlotMask) | (long)BitOperations.TrailingZeroCount(current);
                if (due > limitMicros) return null;
                _now = due;
                var item = _slots[(int)(due & SlotMask)].Head!;
                Remove(item);
                return item;
            }

            if (!TryFindLaterSlot(out var level, out var slotIndex, out var slotStart) || slotStart > limitMicros) return null;
            _now = slotStart;
            Cascade(level, slotIndex);
        }
    }

    /// <summary>Adds all scheduled events to a list, those of one instant in the order in which they would fire. Takes time with their number.</summary>
    public void CopyTo(ICollection<LoopEvent> target)
    {
        foreach (var slot in _slots)
        {
            for (var item = slot.Head; item is not null; item = item.Next) target.Add(item);
        }
    }

    /// <summary>A lower bound for the due time of the next event, or <see cref="long.MaxValue"/> when there is none: how long a real loop may sleep.</summary>
    public long NextWakeupMicros()
    {
        var current = _occupied[0] & (~0UL << (int)(_now & SlotMask));
        if (current != 0) return (_now & ~(long)SlotMask) | (long)BitOperations.TrailingZeroCount(current);
        return TryFindLaterSlot(out _, out _, out var start) ? start : long.MaxValue;
    }

    private bool TryFindLaterSlot(out int level, out int slotIndex, out long slotStart)
    {
        for (level = 1; level < Levels; level++)
        {
            var shift = level * BitsPerLevel;
            var cursor = shift >= 63 ? 0 : (int)(_now >> shift) & SlotMask;
            var later = cursor == SlotMask ? 0 : _occupied[level] & (~0UL << (cursor + 1));
            if (later == 0) continue;
            slotIndex = BitOperations.TrailingZeroCount(later);
            var blockMask = shift + BitsPerLevel >= 63 ? long.MaxValue : (1L << (shift + BitsPerLevel)) - 1;
            slotStart = (_now & ~blockMask) | ((long)slotIndex << shift);
            return true;
        }

        slotIndex = 0;
        slotStart = 0;
        return false;
    }

    private void Cascade(int level, int slotIndex)
    {
        ref var slot = ref _slots[level * SlotsPerLevel + slotIndex];
        var item = slot.Head;
        slot = default;
        _occupied[level] &= ~(1UL << slotIndex);
        while (item is not null)
        {
            var next = item.Next;
            Link(item);
            item = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LevelOf(long due, long now) => (63 - BitOperations.LeadingZeroCount((ulong)((due ^ now) | SlotMask))) / BitsPerLevel;

    private void Link(LoopEvent item)
    {
        var level = LevelOf(item.DueMicros, _now);
        var slotIndex = (int)(item.DueMicros >> (level * BitsPerLevel)) & SlotMask;
        var index = (level * SlotsPerLevel) + slotIndex;
        ref var slot = ref _slots[index];
        var tail = slot.Tail;
        item.Slot = index;
        item.Next = null;
        item.Previous = tail;
        if (tail is null)
        {
            slot.Head = item;
            _occupied[level] |= 1UL << slotIndex;
        }
        else
        {
            tail.Next = item;
        }

        slot.Tail = item;
    }

    /// <summary>The first and the last event of a slot.</summary>
    private struct Slot
    {
        public LoopEvent? Head;
        public LoopEvent? Tail;
    }
}
