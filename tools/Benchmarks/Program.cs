using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using tools.Benchmarks.Budgets;
using tools.Benchmarks.Engine;
using tools.Benchmarks.Server;

// dotnet run --project tools/Benchmarks -c Release -- server
if (args is ["server", .. var rest]) return await ServerCommand.Run(rest);

// dotnet run --project tools/Benchmarks -c Release -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmark).Assembly).Run(args, DefaultConfig.Instance.AddColumn(new BudgetColumn()));
return 0;
