namespace tools.Benchmarks.Engine;

/// <summary>What happens to a request of the toy cluster, in its order.</summary>
internal enum ToyStep : byte
{
    RequestArrives,
    LeaderWrote,
    CopyArrives,
    FollowerWrote,
    AckArrives,
    ReplyArrives,
}
