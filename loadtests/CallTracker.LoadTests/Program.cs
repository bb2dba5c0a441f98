using CallTracker.LoadTests;
using CallTracker.LoadTests.RelayOnly;
using CallTracker.LoadTests.Scenarios;

return args is ["relay-only", .. var rest] ? RelayOnlyMode.Run(rest) : await ScenarioCommand.RunAsync(args);
