using System.Linq;
using Tests.Support;
using Xunit;

namespace Tests.Simulator.Platform;

/// <summary>
/// Inside an <c>async LoopTask</c> method nothing can be awaited that could continue off the loop: the builder takes the
/// loop's awaiters alone, so everything else is compile error CS0315 (or CS0311, its twin for awaiters that are classes).
/// </summary>
public sealed class AwaitingForeignTasksTests
{
    [Theory]
    [InlineData("await Task.CompletedTask;")]
    [InlineData("await Task.FromResult(1);")]
    [InlineData("await Task.Delay(1);")]
    [InlineData("await Task.Delay(System.TimeSpan.FromSeconds(1), System.TimeProvider.System);")]
    [InlineData("await Task.Run(() => 1);")]
    [InlineData("await Task.Yield();")]
    [InlineData("await Task.CompletedTask.ConfigureAwait(false);")]
    [InlineData("await new ValueTask();")]
    [InlineData("await new ValueTask<int>(1);")]
    [InlineData("await new ValueTask<int>(1).ConfigureAwait(false);")]
    [InlineData("await new TaskCompletionSource().Task;")]
    [InlineData("await Task.WhenAll(Task.CompletedTask, Task.CompletedTask);")]
    [InlineData("await Task.WhenAny(Task.CompletedTask);")]
    [InlineData("await new System.Threading.SemaphoreSlim(1).WaitAsync();")]
    [InlineData("await System.IO.Stream.Null.WriteAsync(new byte[1]);")]
    [InlineData("await System.Threading.Channels.Channel.CreateUnbounded<int>().Reader.ReadAsync();")]
    [InlineData("await foreach (var i in Foreign()) { }")]
    [InlineData("await using var s = new System.IO.MemoryStream();")]
    public void Awaiting_anything_of_the_base_library_does_not_compile(string statement)
    {
        var ids = InProcessCompiler.ErrorsOf(Method("LoopTask", statement)).Select(e => e.Id).Distinct().ToList();
        var idsOfT = InProcessCompiler.ErrorsOf(Method("LoopTask<int>", statement + " return 1;")).Select(e => e.Id).Distinct().ToList();

        Assert.Equal(["CS0315"], ids);
        Assert.Equal(["CS0315"], idsOfT);
    }

    [Fact]
    public void Awaiting_an_awaiter_class_of_ones_own_does_not_compile() =>
        Assert.Equal(["CS0311"], InProcessCompiler.ErrorsOf(Method("LoopTask", "await new Own();")).Select(e => e.Id).Distinct());

    [Theory]
    [InlineData("await Nothing();")]
    [InlineData("await Something();")]
    [InlineData("var i = await Something() + await Something();")]
    public void Awaiting_loop_tasks_compiles(string statement)
    {
        Assert.Empty(InProcessCompiler.ErrorsOf(Method("LoopTask", statement)));
        Assert.Empty(InProcessCompiler.ErrorsOf(Method("LoopTask<int>", statement + " return 1;")));
    }

    [Theory]
    [InlineData("await Nothing();")]
    [InlineData("await Task.Delay(1);")]
    public void The_statements_are_sound_in_themselves(string statement) =>
        Assert.Empty(InProcessCompiler.ErrorsOf(Method("Task", statement)));

    private static string Method(string type, string statement) => $$"""
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using Simulator.Platform;

        public class Own : System.Runtime.CompilerServices.INotifyCompletion
        {
            public bool IsCompleted => true;
            public void OnCompleted(System.Action continuation) => continuation();
            public void GetResult() { }
            public Own GetAwaiter() => this;
        }

        public static class Snippet
        {
            public static LoopTask Nothing() => default;
            public static LoopTask<int> Something() => default;
            public static async IAsyncEnumerable<int> Foreign() { await Task.Yield(); yield return 1; }
            public static async {{type}} Method() { {{statement}} }
        }
        """;
}
