using CallTracker.LoadTests;
using CallTracker.LoadTests.Players;
using CallTracker.LoadTests.RelayOnly;
using CallTracker.LoadTests.Scenarios;

return args switch
{
    ["relay-only", .. var rest] => RelayOnlyMode.Run(rest),
    ["players", .. var rest] => PlayersMode.Run(rest),
    _ => await ScenarioCommand.RunAsync(args),
};
