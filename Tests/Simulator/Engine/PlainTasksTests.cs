using System;
using System.Collections.Generic;
using System.Threading.Channels;
using System.Threading.Tasks;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine;

public class PlainTasksTests
{
    [Fact]
    public void A_service_of_plain_tasks_delays_in_virtual_time_and_stays_on_its_loop()
    {
        var world = new SimWorld(5);
        var seen = new List<long>();
        world.AddMachine("service").Start(node => node.RunPlain(async () =>
        {
            var time = new ClockTimeProvider(node);
            var channel = Channel.CreateUnbounded<int>();
            var consumer = Consume(channel.Reader, time, seen);
            for (var i = 0; i < 3; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), time);
                channel.Writer.TryWrite(i);
            }

            channel.Writer.Complete();
            await consumer;
            Assert.Same(node.Loop, Loop.Current);
        }));
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Null(world.Failure);
        Assert.Equal([10, 20, 30], seen);
    }

    [Fact]
    public void A_plain_task_that_fails_fails_the_loop_task()
    {
        var world = new SimWorld(5);
        world.AddMachine("service").Start(node => node.RunPlain(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), new ClockTimeProvider(node));
            throw new InvalidOperationException("out of paper");
        }));
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Contains("out of paper", world.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_periodic_timer_of_the_time_provider_fires_by_the_nodes_clock_until_disposed()
    {
        var world = new SimWorld(5);
        var machine = world.AddMachine("service");
        var ticks = 0;
        machine.Start(async node =>
        {
            var timer = new ClockTimeProvider(node).CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            await node.Clock.Delay(TimeSpan.FromSeconds(6));
            timer.Dispose();
            await node.Clock.Delay(TimeSpan.FromSeconds(60));
        });
        world.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal(3, ticks);
    }

    [Fact]
    public void The_time_provider_tells_the_machines_wall_clock_and_its_monotonic_clock_apart()
    {
        var world = new SimWorld(5);
        var machine = world.AddMachine("service");
        (DateTimeOffset Utc, long Stamp) before = default, after = default;
        machine.Start(async node =>
        {
            var time = new ClockTimeProvider(node);
            before = (time.GetUtcNow(), time.GetTimestamp());
            await node.Clock.Delay(TimeSpan.FromSeconds(2));
            after = (time.GetUtcNow(), time.GetTimestamp());
        });
        world.RunFor(TimeSpan.FromSeconds(1));
        machine.Clock.JumpWall(TimeSpan.FromHours(-1));
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromHours(-1) + TimeSpan.FromSeconds(2), after.Utc - before.Utc);
        Assert.Equal(2_000_000, after.Stamp - before.Stamp);
    }

    private static async Task Consume(ChannelReader<int> reader, TimeProvider time, List<long> seen)
    {
        var start = time.GetTimestamp();
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out _)) seen.Add((long)time.GetElapsedTime(start).TotalSeconds);
        }
    }
}
