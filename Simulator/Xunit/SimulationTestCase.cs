using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Simulator.Xunit;

/// <summary>A test over many seeds, as xunit sees it; made by <see cref="SimulationTestCaseDiscoverer"/>.</summary>
public sealed class SimulationTestCase : XunitTestCase
{
    /// <summary>For xunit, which reads a test case from where it has written it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the deserializer only.")]
    public SimulationTestCase()
    {
    }

    internal SimulationTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method)
        : base(diagnostics, display, displayOptions, method)
    {
    }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource) =>
        new CaseRunner(this, messageBus, constructorArguments, aggregator, cancellationTokenSource).RunAsync();

    private sealed class CaseRunner(SimulationTestCase testCase, IMessageBus bus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : XunitTestCaseRunner(testCase, testCase.DisplayName, testCase.SkipReason, constructorArguments, [], bus, aggregator, cancellation)
    {
        protected override Task<RunSummary> RunTestAsync() =>
            new TestRunner(CreateTest(TestCase, DisplayName), MessageBus, TestClass, ConstructorArguments, TestMethod, SkipReason, new ExceptionAggregator(Aggregator), CancellationTokenSource).RunAsync();
    }

    private sealed class TestRunner(ITest test, IMessageBus bus, Type testClass, object[] constructorArguments, MethodInfo method, string skipReason, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : XunitTestRunner(test, bus, testClass, constructorArguments, method, [], skipReason, [], aggregator, cancellation)
    {
        protected override async Task<decimal> InvokeTestMethodAsync(ExceptionAggregator aggregator)
        {
            var watch = Stopwatch.StartNew();
            await aggregator.RunAsync(RunSeedsAsync);
            return (decimal)watch.Elapsed.TotalSeconds;
        }

        // A thread of its own: simulated code has no business on the pool, on which xunit runs its tests.
        private Task RunSeedsAsync()
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var thread = new Thread(() =>
            {
                try
                {
                    new SeededMethod(TestClass, ConstructorArguments, TestMethod).Run(Environment.GetEnvironmentVariable, CancellationTokenSource.Token);
                    ended.SetResult();
                }
                catch (Exception e)
                {
                    ended.SetException(e);
                }
            })
            { IsBackground = true, Name = Test.DisplayName };
            thread.Start();
            return ended.Task;
        }
    }
}
