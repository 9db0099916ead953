using System.Collections.Generic;
using Scenarios.History;

namespace tools.RealCluster;

/// <summary>What came of a run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="History">What the clients did and saw.</param>
/// <param name="Violations">Each property that does not hold, with its evidence; empty if all is well.</param>
/// <param name="BrokerOutputs">What each run of each broker wrote.</param>
public sealed record RealRunReport(int Seed, ClientHistory History, IReadOnlyList<(string Property, string Evidence)> Violations, IReadOnlyList<string> BrokerOutputs);
