using System;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>Assertions about loop tasks.</summary>
internal static class Expect
{
    /// <summary>The task fails with that network error.</summary>
    public static async LoopTask<NetworkException> Network<T>(NetworkError error, LoopTask<T> task)
    {
        var thrown = await Thrown<NetworkException>(task.AsVoid());
        Assert.Equal(error, thrown.Error);
        return thrown;
    }

    /// <summary>The task fails with that network error.</summary>
    public static async LoopTask<NetworkException> Network(NetworkError error, LoopTask task)
    {
        var thrown = await Thrown<NetworkException>(task);
        Assert.Equal(error, thrown.Error);
        return thrown;
    }

    /// <summary>The task fails with that disk error.</summary>
    public static async LoopTask<DiskException> Disk<T>(DiskError error, LoopTask<T> task) => await Disk(error, task.AsVoid());

    /// <summary>The task fails with that disk error.</summary>
    public static async LoopTask<DiskException> Disk(DiskError error, LoopTask task)
    {
        var thrown = await Thrown<DiskException>(task);
        Assert.Equal(error, thrown.Error);
        return thrown;
    }

    /// <summary>The task fails with an exception of that type.</summary>
    public static async LoopTask<TException> Thrown<TException>(LoopTask task)
        where TException : Exception
    {
        try
        {
            await task;
        }
        catch (TException e)
        {
            return e;
        }

        throw global::Xunit.Sdk.ThrowsException.ForNoException(typeof(TException));
    }
}
