using CallTracker.LoadTests.RelayOnly;

return args is ["relay-only", .. var rest] ? RelayOnlyMode.Run(rest) : RelayOnlyMode.Usage();
