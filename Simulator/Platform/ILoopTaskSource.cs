using System;

namespace Simulator.Platform;

/// <summary>What completes a <see cref="LoopTask{T}"/>: an async method, a pooled operation, a promise.</summary>
public interface ILoopTaskSource<T>
{
    /// <summary>True once a result or an exception is there.</summary>
    bool IsCompleted(int token);

    /// <summary>True once it has completed without an exception.</summary>
    bool IsCompletedSuccessfully(int token);

    /// <summary>Gives the result or throws the exception; a pooled source returns to its pool by this call.</summary>
    T GetResult(int token);

    /// <summary>Registers what to run on completion.</summary>
    void OnCompleted(int token, Action continuation);
}
