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

/// <summary>The toy cluster as a state machine: what follows from a step, whoever carries it out.</summary>
internal static class ToySteps
{
    /// <summary>The next step, and how often it happens: both followers have their copies, and only the first one's answer makes the leader reply.</summary>
    /// <param name="step">The step that was taken.</param>
    /// <param name="request">The request; below 0 for its second copy.</param>
    public static (ToyStep Next, int Times) After(ToyStep step, int request) => step switch
    {
        ToyStep.RequestArrives => (ToyStep.LeaderWrote, 1),
        ToyStep.LeaderWrote => (ToyStep.CopyArrives, 2),
        ToyStep.CopyArrives => (ToyStep.FollowerWrote, 1),
        ToyStep.FollowerWrote => (ToyStep.AckArrives, 1),
        ToyStep.AckArrives => (ToyStep.ReplyArrives, request >= 0 ? 1 : 0),
        _ => (ToyStep.RequestArrives, 1),
    };
}
