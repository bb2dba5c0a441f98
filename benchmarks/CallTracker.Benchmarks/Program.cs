using BenchmarkDotNet.Running;
using CallTracker.Benchmarks.Gate;

return args switch
{
    ["check", .. var rest] => GateCommand.Run(rest),
    _ => BenchmarkSwitcher.FromAssembly(typeof(GateCommand).Assembly).Run(args, BenchmarkJobs.Thorough()).Any() ? 0 : 1,
};
