using tools.Sim.Commands;

return SimCommandLine.Run(args, System.Console.Out, System.Console.Error);
