using System.Collections.Generic;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Simulator.Xunit;

/// <summary>Makes one test of each method that carries <see cref="SimulationTheoryAttribute"/>; called by xunit.</summary>
/// <param name="diagnostics">Where xunit wants to hear of troubles.</param>
public sealed class SimulationTestCaseDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new SimulationTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}
