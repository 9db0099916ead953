using System;
using System.IO;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>Turns the Platform's errors into those that the BCL's streams and files throw, with the first as the inner exception.</summary>
internal static class BclErrors
{
    // ConfigureAwait(false) throughout: who waits for these may be a library's code that is not to go through the context.
    public static async Task<T> Translate<T>(LoopTask<T> operation)
    {
        try
        {
            return await operation.AsTask().ConfigureAwait(false);
        }
        catch (Exception e) when (Of(e) is { } known)
        {
            throw known;
        }
    }

    public static async Task Translate(LoopTask operation)
    {
        try
        {
            await operation.AsTask().ConfigureAwait(false);
        }
        catch (Exception e) when (Of(e) is { } known)
        {
            throw known;
        }
    }

    public static IOException? Of(Exception error) => error switch
    {
        NetworkException e => new IOException(e.Message, e),
        DiskException { Error: DiskError.NotFound } e => new FileNotFoundException(e.Message, e),
        DiskException e => new IOException(e.Message, e),
        _ => null,
    };
}
