using System;
using System.Threading;
using System.Threading.Tasks;

namespace Tests.Support;

/// <summary>Waits for what comes about in real processes, where there is nothing to await.</summary>
internal static class Eventually
{
    /// <summary>How long the slowest of machines is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="what">The same in words, for who has waited in vain.</param>
    /// <exception cref="TimeoutException">It has not come about within <see cref="Patience"/>.</exception>
    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="Holds(Func{bool}, string)"/>
    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow + Patience;
        using var pace = new PeriodicTimer(s_pace);
        while (!await condition())
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"Not in time: {what}.");
            await pace.WaitForNextTickAsync();
        }
    }
}
