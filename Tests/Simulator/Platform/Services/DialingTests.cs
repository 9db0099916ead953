using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Engine;
using Simulator.Platform;
using Simulator.Platform.Services;
using Xunit;

namespace Tests.Simulator.Platform.Services;

/// <summary>What becomes of a dial that nobody waits for any more.</summary>
public sealed class DialingTests
{
    [Fact]
    public void A_connection_that_comes_about_after_its_dial_was_given_up_is_dropped()
    {
        var world = new SimWorld(7);
        var (near, far) = (world.AddMachine("near"), world.AddMachine("far"));
        world.Network.SetDistance(near, far, TimeSpan.FromSeconds(1));
        long gaveUp = 0, dropped = 0;
        far.Start(node => node.RunService(async service =>
        {
            using var listener = await service.Network.ListenAsync(80);
            using var stream = await listener.AcceptAsync();
            await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1]));
            dropped = world.NowMicros;
            await Task.Delay(Timeout.InfiniteTimeSpan, service.Time);
        }));
        near.Start(node => node.RunService(async service =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), service.Time);
            using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), service.Time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Network.ConnectAsync(new Endpoint("far", 80), TimeSpan.FromSeconds(30), giveUp.Token));
            gaveUp = world.NowMicros;
            await Task.Delay(Timeout.InfiniteTimeSpan, service.Time);
        }));
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Null(world.Failure);
        Assert.InRange(gaveUp, 100_000, 200_000);
        Assert.InRange(dropped, 3_000_000, 4_000_000);
    }

    [Fact]
    public void Giving_up_by_code_of_the_service_itself_does_not_leave_the_loop()
    {
        var world = new SimWorld(7);
        world.AddMachine("dark");
        var ended = false;
        world.AddMachine("node").Start(node => node.RunService(async service =>
        {
            var loop = Loop.Current;
            using var giveUp = new CancellationTokenSource();
            var dial = Dial(service, giveUp.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(100), service.Time);
            giveUp.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
            Assert.Same(loop, Loop.Current);
            ended = true;
            await Task.Delay(Timeout.InfiniteTimeSpan, service.Time);
        }));
        world.FindMachine("dark")!.LosePower();
        Assert.True(world.RunUntil(() => ended, TimeSpan.FromSeconds(2)), world.Failure?.Message);
    }

    private static async Task Dial(NodeContext service, CancellationToken cancellation) =>
        await service.Network.ConnectAsync(new Endpoint("dark", 80), TimeSpan.FromSeconds(30), cancellation).ConfigureAwait(false);
}
