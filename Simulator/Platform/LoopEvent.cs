namespace Simulator.Platform;

/// <summary>
/// Something that happens at an instant of loop time: a timer, the completion of a disk or network operation,
/// a fault. Instances are links of the <see cref="TimingWheel"/> themselves, so arming one allocates nothing.
/// </summary>
public abstract class LoopEvent
{
    internal LoopEvent? Next;
    internal LoopEvent? Previous;
    internal int Slot = NotScheduled;
    internal const int NotScheduled = -1;

    /// <summary>The loop on which the event fires; an abandoned loop drops it. Set by those whose events come not from the wheel but from outside.</summary>
    public Loop? Owner { get; protected internal set; }

    /// <summary>The instant at which it fires, in microseconds of loop time; meaningful while scheduled.</summary>
    public long DueMicros { get; internal set; }

    /// <summary>True between arming and firing or cancelling.</summary>
    public bool IsScheduled => Slot != NotScheduled;

    /// <summary>True if a node's clock armed the event: a change of that clock's speed moves it. Set by the clock.</summary>
    public bool FollowsClock { get; set; }

    /// <summary>A small constant per kind of event, mixed into the run's hash and shown in traces.</summary>
    public virtual ushort Kind => 0;

    /// <summary>Runs on the owner's loop when the instant has come.</summary>
    protected internal abstract void Fire();
}
