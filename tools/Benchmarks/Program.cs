using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using tools.Benchmarks.Budgets;
using tools.Benchmarks.Engine;

// dotnet run --project tools/Benchmarks -c Release -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmark).Assembly).Run(args, DefaultConfig.Instance.AddColumn(new BudgetColumn()));
