using Simulator.Engine.Exploration;

namespace Scenarios.Zoo;

/// <summary>A bug of Kafka's history, planted again in our own implementation by replacing one decision.</summary>
/// <param name="Id">Its number in the catalogue of bugs.</param>
/// <param name="Story">The issue or proposal that tells of it.</param>
/// <param name="Mutation">What was replaced by what.</param>
/// <param name="Fix">What the right decision does instead.</param>
/// <param name="Scenario">The scenario with the bug in every broker.</param>
public sealed record Mutant(int Id, string Story, string Mutation, string Fix, Scenario Scenario);
