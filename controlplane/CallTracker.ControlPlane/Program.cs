using CallTracker.ControlPlane.Hosting;

ControlPlaneOptions options;
try
{
    options = ControlPlaneOptions.FromEnvironment(Environment.GetEnvironmentVariable);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
if (args is [BootstrapCommand.Name, ..]) return await BootstrapCommand.RunAsync(args, options, Console.Out,
    Console.Error);
if (args.Length > 0)
{
    await Console.Error.WriteLineAsync(BootstrapCommand.Usage);
    return 2;
}
await using var app = ControlPlaneHost.Build(options);
await app.RunAsync();
return 0;
